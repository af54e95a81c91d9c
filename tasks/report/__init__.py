"""What a run says about itself: a sentence, a page for the Prefect UI, and an HTML report. Frames in, text out."""
