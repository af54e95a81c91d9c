-- Make whole stories part of others.
-- Read by: warehouse/fingerprint_index.py
UPDATE core.fingerprint_documents AS d SET story = m.into_story FROM moved AS m WHERE d.story = m.story;
