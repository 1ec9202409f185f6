"""The demonstration from beginning to end: real server, real fetches, real archive, real mail, real webhook."""

from __future__ import annotations

import json
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from demo.story import Story, live_through
from state.errors import ConfigError


def test_all_that_had_to_be_said_was_said_and_nothing_else(demonstration: tuple[Story, list[str]]) -> None:
    story, _ = demonstration
    assert story.missed == ()
    assert story.surplus == ()


def test_the_five_falling_counties_are_told_once(demonstration: tuple[Story, list[str]]) -> None:
    _, lines = demonstration
    text = "\n".join(lines)
    assert text.count("cumulative-decreased") == 1
    for county in (
        "Maricopa, AZ · Non-criminal  4,328 → 2,597  (-1,731, -40.0 %)",
        "San Diego, CA · Non-criminal  2,411 → 1,037  (-1,374, -57.0 %)",
        "Travis, TX · Non-criminal  594 → 315  (-279, -47.0 %)",
        "Dallas, TX · Non-criminal  1,116 → 759  (-357, -32.0 %)",
        "Los Angeles, CA · Non-criminal  1,910 → 1,509  (-401, -21.0 %)",
    ):
        assert text.count(county) == 1


def test_the_mail_names_every_county_in_both_parts(demonstration: tuple[Story, list[str]]) -> None:
    story, _ = demonstration
    messages = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in story.mails]
    fallen = [message for message in messages if "172 jurisdictions" in str(message["Subject"])]
    assert len(fallen) == 1
    for kind in ("plain", "html"):
        part = fallen[0].get_body((kind,))
        assert part is not None
        body = part.get_content()
        assert "Maricopa, AZ" in body
        assert "2,597" in body


def _plain(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return " ".join(str(part.get_content()).split())


def test_operators_hear_of_blocks_and_watchdogs_do_not(demonstration: tuple[Story, list[str]]) -> None:
    story, _ = demonstration
    messages = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in story.mails]
    blocked = [message for message in messages if "answered 403" in _plain(message)]
    assert blocked
    assert {str(message["To"]) for message in blocked} == {"operator@example.org"}


def test_chat_messages_are_short_and_whole(demonstration: tuple[Story, list[str]]) -> None:
    story, _ = demonstration
    texts = [json.loads(path.read_text())["text"] for path in story.messages]
    assert any("Maricopa, AZ" in text for text in texts)
    assert all(len(text) <= 4_000 for text in texts)


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("three years of work")
    with pytest.raises(ConfigError, match="holds other things"):
        live_through(tmp_path, echo=lambda _: None)
    assert (tmp_path / "thesis.txt").exists()
