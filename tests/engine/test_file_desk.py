"""A page asks for files: who is told, who may answer, and what reaches the page."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from sessions_app.engine import chooser
from sessions_app.engine.control import Holder
from sessions_app.engine.file_desk import FileDesk
from sessions_app.engine.files import SessionFiles
from sessions_app.engine.hub import Viewer
from sessions_app.engine.tab import Tab, TabListener
from tests.engine.conftest import House, said
from tests.waiting import until

INTERCEPT = "Page.setInterceptFileChooserDialog"


class Counter(House):
    """A desk before a page; `ask` is the page's click on its input."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        for part in ("tmp", "files"):
            (folder / part).mkdir()
        self.files = SessionFiles(folder)
        self.pipe = self.stage.pipe
        self.desk = FileDesk(self.files, self.audience, self.stage.open_tabs, lambda: self.stage.active)

        class Listener(TabListener):
            def chooser(_, tab: Tab, asked: chooser.Asked, *, is_open: bool) -> None:
                self.desk.changed(tab, asked, is_open=is_open)

        for tab in self.stage.open_tabs:
            tab.listener = Listener()

    async def ask(self, *, multiple: bool = False, accept: str = "", tab: int = 1) -> None:
        mode = "selectMultiple" if multiple else "selectSingle"
        opened = {"frameId": "F", "mode": mode, "backendNodeId": 7}
        self.pipe.event("Page.fileChooserOpened", opened, f"S{tab}")
        attributes = ["type", "file", *(["accept", accept] if accept else [])]
        self.pipe.answer(self.pipe.last("DOM.describeNode"), {"node": {"attributes": attributes}})
        await self.idle()

    async def say(self, viewer: Viewer, /, **message: Any) -> None:
        self.hear(viewer, type="file", id=self.asked, **message)
        await self.idle()

    async def idle(self) -> None:
        await until(lambda: not self.desk._aside.is_busy)

    @property
    def asked(self) -> int:
        asked = self.stage.active.chooser.asked
        return asked.id if asked else 1

    @property
    def given(self) -> list[list[str]]:
        return [command["params"]["files"] for command in self.pipe.commands("DOM.setFileInputFiles")]

    @property
    def intercepted(self) -> list[tuple[str, bool]]:
        return [(each["sessionId"], each["params"]["enabled"]) for each in self.pipe.commands(INTERCEPT)]


@pytest.fixture
async def counter(tmp_path: Path) -> Counter:
    return Counter(tmp_path)


@pytest.fixture
def ada(counter: Counter) -> Viewer:
    """She steers."""
    viewer = counter.seat(name="Ada")
    counter.audience.take(Holder("person", viewer.id, "Ada"))
    said(viewer)
    return viewer


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


class TestWhoIsAsked:
    async def test_the_browsers_own_chooser_is_kept_away_while_somebody_may_steer(
        self, counter: Counter
    ) -> None:
        counter.seat("view", name="Eve")
        assert counter.intercepted == []
        ada, bob = counter.seat(name="Ada"), counter.seat(name="Bob")
        assert counter.intercepted == [("S1", True), ("S2", True)]
        counter.audience.detach(ada)
        assert len(counter.intercepted) == 2
        counter.audience.detach(bob)
        assert counter.intercepted[2:] == [("S1", False), ("S2", False)]

    async def test_a_tab_that_comes_later(self, counter: Counter, ada: Viewer) -> None:
        tab = counter.stage.open_tabs[0]
        tab.chooser.intercept(on=False)
        counter.desk.watch(tab)
        assert counter.intercepted[-1] == ("S1", True)

    async def test_those_who_may_steer_are_told_what_there_is(self, counter: Counter, ada: Viewer) -> None:
        guest, watching = counter.seat(name="Bob"), counter.seat("view", name="Eve")
        for name in ("downloads/a.png", "b.txt"):
            counter.files.write(name, b"12345")
        await counter.ask(accept="image/*")
        for viewer in (ada, guest):
            [message] = said(viewer, "filechooser")
            files = {each["name"]: each["size"] for each in message.pop("files")}
            assert files == {"downloads/a.png": 5, "b.txt": 5}
            assert message == {
                "type": "filechooser",
                "id": counter.asked,
                "open": True,
                "multiple": False,
                "accept": "image/*",
            }
        assert said(watching, "filechooser") == []

    async def test_who_comes_later_is_told_too(self, counter: Counter, ada: Viewer) -> None:
        await counter.ask(multiple=True)
        late = counter.seat(name="Bob")
        await counter.idle()
        assert said(late, "filechooser")[0]["multiple"] is True

    @pytest.mark.parametrize("steering", [True, False])
    async def test_nobody_is_asked_for_what_a_program_does(self, counter: Counter, *, steering: bool) -> None:
        viewer = counter.seat(name="Ada")
        if steering:
            counter.audience.take(Holder("program", "key_1", "robot"))
        await counter.ask()
        counter.audience.take(Holder("person", viewer.id, "Ada"))
        await counter.idle()
        assert said(viewer, "filechooser") == []

    async def test_a_tab_in_the_background_asks_nobody(self, counter: Counter, ada: Viewer) -> None:
        await counter.ask(tab=2)
        assert said(ada, "filechooser") == []

    @pytest.mark.parametrize("end", ["control", "page", "crash", "close", "again"])
    async def test_it_closes_with_what_it_hangs_on(self, counter: Counter, ada: Viewer, end: str) -> None:
        await counter.ask()
        [opened] = said(ada, "filechooser")
        match end:
            case "control":
                counter.audience.give_back(ada.id)
            case "page":
                frame = {"id": "T1", "url": "https://example.com/"}
                counter.pipe.event("Page.frameNavigated", {"frame": frame}, "S1")
            case "crash":
                counter.stage.active.crash()
            case "close":
                counter.stage.active.close()
            case "again":
                opened_again = {"frameId": "F", "mode": "selectSingle", "backendNodeId": 8}
                counter.pipe.event("Page.fileChooserOpened", opened_again, "S1")
        closed = {"type": "filechooser", "id": opened["id"], "open": False}
        assert said(ada, "filechooser") == [closed]

    async def test_a_picker_without_an_element_is_left_alone(self, counter: Counter, ada: Viewer) -> None:
        counter.pipe.event("Page.fileChooserOpened", {"frameId": "F", "mode": "selectSingle"}, "S1")
        assert counter.pipe.commands("DOM.describeNode") == []


class TestChoosing:
    async def test_the_sessions_files_go_to_the_page(self, counter: Counter, ada: Viewer) -> None:
        for name in ("a", "b/c"):
            counter.files.write(name, b"")
        await counter.ask(multiple=True)
        await counter.say(ada, action="choose", names=["a", "b/c"])
        assert counter.given == [[str(counter.files.folder / "a"), str(counter.files.folder / "b" / "c")]]
        assert counter.pipe.last("DOM.setFileInputFiles")["params"]["backendNodeId"] == 7
        assert said(ada, "filechooser")[-1]["open"] is False
        assert counter.audience.actions == 1

    async def test_one_is_all_that_an_input_for_one_gets(self, counter: Counter, ada: Viewer) -> None:
        for name in ("a", "b"):
            counter.files.write(name, b"")
        await counter.ask()
        await counter.say(ada, action="choose", names=["a", "b"])
        assert counter.given == [[str(counter.files.folder / "a")]]

    @pytest.mark.parametrize("name", ["missing", "../../etc/passwd", "/etc/passwd", "link"])
    async def test_what_is_no_file_of_the_session(self, counter: Counter, ada: Viewer, name: str) -> None:
        (counter.files.folder / "link").symlink_to("/etc/passwd")
        await counter.ask()
        await counter.say(ada, action="choose", names=[name])
        assert counter.given == []
        assert said(ada, "error")[0]["code"] == "refused"
        assert counter.stage.active.chooser.asked

    async def test_nothing(self, counter: Counter, ada: Viewer) -> None:
        await counter.ask()
        await counter.say(ada, action="cancel")
        assert counter.given == []
        assert said(ada, "filechooser")[-1]["open"] is False

    async def test_only_who_steers_may_answer(self, counter: Counter, ada: Viewer) -> None:
        counter.files.write("a", b"")
        guest, watching = counter.seat(name="Bob"), counter.seat("view", name="Eve")
        await counter.ask()
        for viewer in (guest, watching):
            await counter.say(viewer, action="choose", names=["a"])
            await counter.say(viewer, action="upload", name="b", data="", last=True)
        assert counter.given == []
        assert [facts.name for facts in counter.files.list()] == ["a"]

    async def test_an_answer_to_an_earlier_question(self, counter: Counter, ada: Viewer) -> None:
        counter.files.write("a", b"")
        await counter.ask()
        counter.hear(ada, type="file", id=counter.asked + 100, action="choose", names=["a"], seq=5)
        await counter.idle()
        assert counter.given == []
        assert said(ada, "error")[0]["seq"] == 5

    async def test_an_element_that_went_away(self, counter: Counter, ada: Viewer) -> None:
        counter.files.write("a", b"")
        await counter.ask()
        await counter.say(ada, action="choose", names=["a"])
        command = counter.pipe.last("DOM.setFileInputFiles")
        counter.pipe.answer(command, error={"code": -32000, "message": "No node with given id found"})
        assert "does not take" in said(ada, "error")[0]["message"]


class TestSending:
    async def test_a_file_in_pieces(self, counter: Counter, ada: Viewer) -> None:
        await counter.ask()
        said(ada)
        await counter.say(ada, action="upload", name="a.txt", data=base64_of(b"one "))
        await counter.say(ada, action="upload", name="a.txt", data=base64_of(b"two"), last=True)
        progress = {"type": "filechooser", "id": counter.asked, "open": True}
        assert said(ada, "filechooser") == [
            {**progress, "received": 4, "stored": None},
            {**progress, "received": 7, "stored": "uploads/a.txt"},
        ]
        assert counter.files.read("uploads/a.txt") == b"one two"

    async def test_nothing_is_written_over(self, counter: Counter, ada: Viewer) -> None:
        await counter.ask()
        for _ in range(2):
            await counter.say(ada, action="upload", name="a.txt", data="", last=True)
        assert said(ada, "filechooser")[-1]["stored"] == "uploads/a (1).txt"

    @pytest.mark.parametrize(
        ("name", "stored"), [("../../etc/passwd", "passwd"), ("C:\\a.txt", "a.txt"), ("con", "upload")]
    )
    async def test_a_name_is_never_a_path(
        self, counter: Counter, ada: Viewer, name: str, stored: str
    ) -> None:
        await counter.ask()
        await counter.say(ada, action="upload", name=name, data="", last=True)
        assert [facts.name for facts in counter.files.list()] == [f"uploads/{stored}"]

    async def test_what_is_no_base64(self, counter: Counter, ada: Viewer) -> None:
        await counter.ask()
        await counter.say(ada, action="upload", name="a", data="?", last=True, seq=3)
        assert said(ada, "error")[0]["seq"] == 3
        assert counter.files.list() == []

    async def test_the_next_piece_waits_for_its_turn(self, counter: Counter, ada: Viewer) -> None:
        await counter.ask()
        counter.hear(ada, type="file", id=counter.asked, action="upload", name="a", data=base64_of(b"1"))
        await counter.say(ada, action="upload", name="a", data=base64_of(b"2"), last=True)
        assert "confirmed" in said(ada, "error")[0]["message"]
        await counter.say(ada, action="upload", name="a", data=base64_of(b"3"), last=True)
        assert counter.files.read("uploads/a") == b"13"

    async def test_one_that_leaves_in_the_middle(self, counter: Counter, ada: Viewer) -> None:
        await counter.ask()
        await counter.say(ada, action="upload", name="a", data=base64_of(b"1"))
        waiting = counter.files.folder.parent / "tmp"
        assert len(list(waiting.iterdir())) == 1
        counter.audience.detach(ada)
        await counter.idle()
        assert list(waiting.iterdir()) == []

    async def test_one_that_leaves_while_a_piece_is_stored(self, counter: Counter, ada: Viewer) -> None:
        await counter.ask()
        counter.hear(ada, type="file", id=counter.asked, action="upload", name="a", data=base64_of(b"1"))
        counter.audience.detach(ada)
        await counter.idle()
        assert list((counter.files.folder.parent / "tmp").iterdir()) == []

    @pytest.mark.parametrize("busy", [True, False])
    async def test_what_was_begun_for_another_chooser_is_not_gone_on_with(
        self, counter: Counter, ada: Viewer, *, busy: bool
    ) -> None:
        await counter.ask()
        piece = {"action": "upload", "name": "a", "data": base64_of(b"old ")}
        counter.hear(ada, type="file", id=counter.asked, **piece)
        if not busy:
            await counter.idle()
        counter.stage.active.chooser.forget()
        await counter.ask()
        await counter.say(ada, action="upload", name="b", data=base64_of(b"new"), last=True)
        assert {facts.name: facts.size for facts in counter.files.list()} == {"uploads/b": 3}
        assert list((counter.files.folder.parent / "tmp").iterdir()) == []

    async def test_a_page_that_asks_no_more(self, counter: Counter, ada: Viewer) -> None:
        await counter.ask()
        number = counter.asked
        await counter.say(ada, action="upload", name="a", data=base64_of(b"1"))
        counter.stage.active.chooser.forget()
        counter.hear(ada, type="file", id=number, action="upload", name="a", data="", last=True)
        await counter.idle()
        assert "no longer" in said(ada, "error")[0]["message"]
        assert counter.files.list() == []
        assert list((counter.files.folder.parent / "tmp").iterdir()) == []


async def test_the_end_of_a_download_is_for_everybody(counter: Counter) -> None:
    viewer = counter.seat("view")
    counter.desk.download_ended({"name": "a.pdf", "what": "completed", "bytes": 5, "file": "downloads/a.pdf"})
    assert said(viewer, "download")[0]["file"] == "downloads/a.pdf"
