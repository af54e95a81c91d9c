"""The bundled news web as the commands serve it: a person is told when it is not where it usually is."""

from __future__ import annotations

import socket
from pathlib import Path

from flows.demo import demo_settings
from flows.settings import Settings
from flows.sources import read_sources


def test_taken_ports_are_announced_and_the_sources_move(tmp_path: Path) -> None:
    said: list[str] = []
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = int(other.getsockname()[1])
        with demo_settings(Settings(home=tmp_path), announce=said.append, first_port=port) as settings:
            sources = read_sources(settings, []).sources
    [note] = said
    assert f"usual ports from {port} on are taken" in note
    assert "as new ones" in note
    assert [source.location for source in sources if f":{port}/" in source.location] == []


def test_nothing_is_announced_otherwise(tmp_path: Path) -> None:
    said: list[str] = []
    with demo_settings(Settings(home=tmp_path), announce=said.append, first_port=0) as settings:
        assert settings.sources_file.parent == tmp_path
    assert said == []
