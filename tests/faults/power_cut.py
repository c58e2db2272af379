"""Fault: the power goes at any moment.

Killing a process never shows what a power cut does, since the system keeps what was written. So a server is traced while
it works, and the files are built as a disk may hold them at a moment of the trace: all that was synced, and of the rest
nothing, everything, some, or some of it torn. The file must be sound, and whatever the server had acknowledged by then
must be in it; so must the identifier of every letter that had left, or it would be sent again as another message.

The controls replay the same trace on worse disks:

* *synchronous=NORMAL* differs from FULL in one thing only: the log is not synced at a commit. It still is before a
  checkpoint copies it into the database, and when a log that begins anew gets its header. So the control forgets exactly
  the other syncs of the log. Every write and every answer stays what it was; it must be found to lose what was told.
* *A disk that never syncs* forgets them all. Its files must be found unsound.
"""

import queue
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import audit_of_rows
import system_calls
from disk import Disk, Survival
from fieldwork import Crowd, Person, open_study
from killed import broken_chain
from ledger import Ledger, Told
from mail_server import MailServer
from program import Program
from system_calls import Left, Step, Sync, Write
from verdict import Verdict, control, fault
from waiting import until

PEOPLE = 60
CUTS = 90
CONTROL_CUTS = 20
OPENED_BY_PROGRAM = 6

Keeps = Callable[[list[Step], int], bool]


@dataclass(frozen=True)
class Recording:
    """What a server did, from which files it began, and what it told whom."""

    program: Program
    before: list[Path]
    steps: list[Step]
    told: list[Told]

    def told_by(self, steps: list[Step]) -> list[Told]:
        """What had been acknowledged when the last of these steps was done, the letters that had left included."""
        left = {step.what for step in steps if isinstance(step, Left)}
        letters = [Told("letter", what, what) for what in left if "@" in what]
        return [entry for entry in self.told if entry.request in left] + letters


def run(binary: Path, home: Path, seed: int) -> Iterator[Verdict]:
    if shutil.which("strace") is None:
        raise RuntimeError("strace is missing: the disk of a server can't be traced without it")
    recording = record_whole(binary, home, seed)
    chance = random.Random(seed)
    cuts = choose_cuts(recording.steps, chance, CUTS)
    found, images = replay(recording, cuts, home / "cut", chance, keeps_all)
    found += opened_by_program(recording, cuts, home / "opened", chance)
    checkpoints = sum(_is_checkpoint(recording, number) for number in range(len(recording.steps)))
    shown = f"{images} files from {len(cuts)} moments, {len(recording.told)} acknowledged writes, {checkpoints} checkpoints"
    if not checkpoints:
        found.append("the load was too small: the log was never copied into the database")
    yield fault("power cut", found, shown)
    few = chance.sample(cuts, CONTROL_CUTS)
    lost, _ = replay(recording, few, home / "normal", chance, keeps_as_normal)
    yield control("power cut with synchronous=NORMAL", [line for line in lost if "acknowledged" in line])
    unsound, _ = replay(recording, few, home / "lying", chance, keeps_none)
    yield control("power cut with a disk that never syncs", [line for line in unsound if "acknowledged" not in line])


def record_whole(binary: Path, home: Path, seed: int) -> Recording:
    """A recording in which every answer that a client got is found; with less of it nothing could be said."""
    place = home / "recording"
    place.mkdir()
    recording = record(binary, place, seed)
    left = {step.what for step in recording.steps if isinstance(step, Left)}
    unseen = [entry for entry in recording.told if entry.request not in left]
    if unseen:
        raise AssertionError(f"{len(unseen)} answers that clients got are not in the trace")
    return recording


def record(binary: Path, home: Path, seed: int) -> Recording:
    """Lets a traced server work until everybody has booked or given up."""
    mail = MailServer()
    program = Program(binary, home, SMTP_URL=mail.url)
    output = home / "trace"
    try:
        program.settle()
        program.start()
        study = open_study(program, PEOPLE)
        program.kill()
        before = [shutil.copyfile(file, home / "before" / file.name) for file in _files(program, home / "before")]
        program.start(under=system_calls.command(output))
        people: "queue.SimpleQueue[Person]" = queue.SimpleQueue()
        for person in study.people:
            people.put(person)
        ledger = Ledger()
        crowd = Crowd(program, study, people, ledger, seed)
        crowd.begin()
        until("everybody had a turn", people.empty, 60)
        crowd.end()
        program.kill()
        until("the trace is complete", lambda: system_calls.has_ended(output), 30)
    finally:
        program.kill()
        mail.close()
    steps = list(system_calls.read(output, program.database))
    return Recording(program, before, steps, ledger.all())


def _files(program: Program, target: Path) -> list[Path]:
    target.mkdir()
    log = program.database.with_name(program.database.name + "-wal")
    return [file for file in (program.database, log) if file.exists()]


def choose_cuts(steps: list[Step], chance: random.Random, number: int) -> list[int]:
    """Moments to look at: half of them just after an answer has left, when nothing later can have saved it."""
    answers = [at + 1 for at, step in enumerate(steps) if isinstance(step, Left)]
    near = chance.sample(answers, min(number // 2, len(answers)))
    anywhere = chance.sample(range(1, len(steps)), number - len(near))
    return sorted(near + anywhere)


def replay(
    recording: Recording, cuts: list[int], directory: Path, chance: random.Random, keeps: Keeps
) -> tuple[list[str], int]:
    """Cuts the power at each moment and looks at what is left, in each way of surviving."""
    found: list[str] = []
    disk = Disk(recording.before, recording.program.home)
    steps = recording.steps
    done = 0
    for cut in cuts:
        for number in range(done, cut):
            if not isinstance(steps[number], Sync) or keeps(steps, number):
                disk.take(steps[number])
        done = cut
        told = recording.told_by(steps[:cut])
        for kind in Survival.KINDS:
            shutil.rmtree(directory, ignore_errors=True)
            disk.write_down(directory, Survival(kind, chance))
            image = directory / recording.program.database.name
            found += [f"cut {cut}, {kind} survives: {line}" for line in audit_of_rows.of_file(image, told)]
    return found, len(cuts) * len(Survival.KINDS)


def opened_by_program(recording: Recording, cuts: list[int], directory: Path, chance: random.Random) -> list[str]:
    """Lets the program itself open some of the files and follow its log of changes."""
    found: list[str] = []
    for cut in chance.sample(cuts, OPENED_BY_PROGRAM):
        disk = Disk(recording.before, recording.program.home)
        for step in recording.steps[:cut]:
            disk.take(step)
        shutil.rmtree(directory, ignore_errors=True)
        disk.write_down(directory, Survival("torn", chance))
        image = directory / recording.program.database.name
        found += [f"cut {cut}: {line}" for line in broken_chain(recording.program, image)]
    return found


def keeps_all(_steps: list[Step], _number: int) -> bool:
    return True


def keeps_none(_steps: list[Step], _number: int) -> bool:
    return False


def keeps_as_normal(steps: list[Step], number: int) -> bool:
    """Whether SQLite would have made this sync with synchronous=NORMAL too."""
    step = steps[number]
    if not isinstance(step, Sync) or not step.file.endswith("-wal"):
        return True
    after = next((other for other in steps[number + 1 :] if not isinstance(other, Left)), None)
    before = next((other for other in reversed(steps[:number]) if not isinstance(other, Left)), None)
    begins_log = isinstance(before, Write) and before.file == step.file and before.offset == 0
    return begins_log or (isinstance(after, Write) and after.file != step.file)


def _is_checkpoint(recording: Recording, number: int) -> bool:
    step = recording.steps[number]
    return isinstance(step, Sync) and step.file == str(recording.program.database)
