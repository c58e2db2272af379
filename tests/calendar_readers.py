"""Reads calendar objects with three programs that are not ours, and holds what each of them reads to what was meant.

    python3 calendar_readers.py FOLDER            reads FOLDER/objects.json
    python3 calendar_readers.py FOLDER --spoilt   plants one defect at a time and demands that each of them notices it

`objects.json` is a list of `{"name", "ics": the object, "meant": a reading}`. A reading tells `method`, `uid`,
`sequence`, `stamp`, `starts_at` and `ends_at` (seconds since 1970), `status`, `summary`, `description`, `location`,
`organizer` and `attendee` (an address), `organizer_name`, `attendee_name`, `alarms` (how many), and `properties`: the
names of the event's properties, so that none can be smuggled in. What an object does not tell is null. Where it is left
out of what was meant, the three need only agree.

`icalendar` knows zones by their names; `vobject` and `ical.js` (in `read_with_ical_js.mjs`) work them out from what the
object defines. `VELDWERK_TEST_ICAL_JS` names the module of ical.js. Nothing here shares code with the writer.
"""

import datetime
import itertools
import json
import pathlib
import re
import subprocess
import sys

import icalendar
import vobject

ZONES = itertools.count()


def by_icalendar(ics):
    calendar = icalendar.Calendar.from_ical(ics)
    (event,) = calendar.walk("VEVENT")

    def text(name):
        value = event.get(name)
        return None if value is None else str(value)

    def party(name):
        value = event.get(name)
        if value is None:
            return None, None
        return str(value).removeprefix("mailto:"), value.params.get("CN")

    organizer, attendee = party("ORGANIZER"), party("ATTENDEE")
    return {
        "method": None if calendar.get("METHOD") is None else str(calendar["METHOD"]),
        "uid": text("UID"),
        "sequence": int(event["SEQUENCE"]),
        "stamp": seconds(event["DTSTAMP"].dt),
        "starts_at": seconds(event["DTSTART"].dt),
        "ends_at": seconds(event["DTEND"].dt),
        "status": text("STATUS"),
        "summary": text("SUMMARY"),
        "description": text("DESCRIPTION"),
        "location": text("LOCATION"),
        "organizer": organizer[0],
        "organizer_name": organizer[1],
        "attendee": attendee[0],
        "attendee_name": attendee[1],
        "alarms": len(event.walk("VALARM")),
        "properties": sorted(name for name, _ in event.property_items(recursive=False) if name not in ("BEGIN", "END")),
    }


def by_vobject(ics):
    calendar = vobject.readOne(with_zones_of_its_own(ics).decode("utf-8"))
    (event,) = calendar.vevent_list

    def text(name):
        line = getattr(event, name, None)
        return None if line is None else line.value

    def party(name):
        line = getattr(event, name, None)
        if line is None:
            return None, None
        return line.value.removeprefix("mailto:"), line.params.get("CN", [None])[0]

    organizer, attendee = party("organizer"), party("attendee")
    return {
        "method": calendar.method.value if hasattr(calendar, "method") else None,
        "uid": text("uid"),
        "sequence": int(event.sequence.value),
        "stamp": seconds(event.dtstamp.value),
        "starts_at": seconds(event.dtstart.value),
        "ends_at": seconds(event.dtend.value),
        "status": text("status"),
        "summary": text("summary"),
        "description": text("description"),
        "location": text("location"),
        "organizer": organizer[0],
        "organizer_name": organizer[1],
        "attendee": attendee[0],
        "attendee_name": attendee[1],
        "alarms": len(getattr(event, "valarm_list", [])),
        "properties": sorted(line.name for line in event.lines()),
    }


def with_zones_of_its_own(ics):
    """The object with other names for its zones. vobject keeps the first zone of a name that it meets, and knows many
    already; what an object defines itself would not be looked at."""
    for name in set(re.findall(rb"^TZID:(.*?)\r?$", ics, re.MULTILINE)):
        own = b"Zone-%d" % next(ZONES)
        ics = ics.replace(b"TZID:" + name, b"TZID:" + own).replace(b"TZID=" + name, b"TZID=" + own)
    return ics


class IcalJs:
    """ical.js in a process of its own, which answers one line of JSON with another."""

    def __init__(self):
        self._process = None

    def __call__(self, ics):
        if self._process is None:
            script = pathlib.Path(__file__).with_name("read_with_ical_js.mjs")
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(["node", script], stdin=pipe, stdout=pipe, encoding="utf-8")
        self._process.stdin.write(json.dumps(ics.decode("utf-8")) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("ical.js has gone")
        reading = json.loads(line)
        if "fault" in reading:
            raise ValueError(reading["fault"])
        return reading


READERS = {"icalendar": by_icalendar, "vobject": by_vobject, "ical.js": IcalJs()}


def seconds(moment):
    """A moment as seconds since 1970. One without a zone is a time that nobody can know."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} floats")
    return int(moment.astimezone(datetime.timezone.utc).timestamp())


def complaints(reader, ics, meant):
    """Where a reader reads something else than was meant. A reader that stumbles has found a defect."""
    try:
        reading = READERS[reader](ics)
    except Exception as fault:
        return [f"{type(fault).__name__}: {fault}"]
    return [f"{key}: {reading[key]!r}, meant {value!r}" for key, value in meant.items() if reading[key] != value]


def disagreements(ics):
    """Where the readers read different things, whether it was said what is meant or not."""
    readings = {name: read(ics) for name, read in READERS.items()}
    for key in readings["icalendar"]:
        found = {name: reading[key] for name, reading in readings.items()}
        if len({json.dumps(value) for value in found.values()}) != 1:
            yield f"{key}: {found}"


# Planted defects: what is changed, and who cannot notice it.

BY_NAME = {"icalendar"}
SPOILERS = [
    ("another instant", b":20270328T0", b":20270328T1", set()),
    ("another offset in summer", b"TZOFFSETTO:+0200", b"TZOFFSETTO:+0300", BY_NAME),
    ("another offset in winter", b"TZOFFSETTO:+0100", b"TZOFFSETTO:+0300", BY_NAME),
    ("another day of the change", b"BYMONTH=3;BYDAY=-1SU", b"BYMONTH=4;BYDAY=-1SU", BY_NAME),
    ("a time that floats", b"DTSTART:20271031T", b"DTSTART;X-Z=", set()),
    ("another name", b"\r\nUID:", b"\r\nUID:x", set()),
    ("another version", b"\r\nSEQUENCE:", b"\r\nSEQUENCE:1", set()),
    ("another moment of writing", b"\r\nDTSTAMP:2027", b"\r\nDTSTAMP:2026", set()),
    ("another method", b"METHOD:REQUEST", b"METHOD:CANCEL", set()),
    ("no method", b"METHOD:REQUEST\r\n", b"", set()),
    ("another status", b"STATUS:CONFIRMED", b"STATUS:CANCELLED", set()),
    ("a separator that is escaped twice", b"\\;", b"\\\\\\;", set()),
    ("a line break that is none", b"\\n", b"n", set()),
    ("a line that is a property of its own", b"\\n", b"\r\n", set()),
    ("a smuggled property", b"\r\nSUMMARY:", b"\r\nATTENDEE:mailto:x@example.org\r\nSUMMARY:", set()),
    ("a name without quotes", b'CN="', b"CN=", set()),
    ("another attendee", b"mailto:r+07@", b"mailto:r+08@", set()),
    ("a second event", b"END:VEVENT\r\n", b"END:VEVENT\r\nBEGIN:VEVENT\r\nUID:x\r\nEND:VEVENT\r\n", set()),
    ("an object that is cut off", b"END:VEVENT\r\nEND:VCALENDAR\r\n", b"", set()),
    ("a lost alarm", b"BEGIN:VALARM", b"BEGIN:X-ALARM", set()),
]


def spoilt(ics, old, new):
    """The object with a defect, unfolded, so that no fold hides what is to be changed."""
    return ics.replace(b"\r\n ", b"").replace(old, new, 1)


def unnoticed(objects):
    missed = []
    for name, old, new, excused in SPOILERS:
        fitting = [(spoilt(ics, old, new), meant) for _, ics, meant in objects if old in ics.replace(b"\r\n ", b"")]
        for reader in READERS:
            noticed = any(complaints(reader, ics, meant) for ics, meant in fitting)
            if noticed == (reader in excused):
                missed.append(f"{name}: {reader} {'notices it after all' if noticed else 'does not notice it'}")
    print("\n".join([*missed, f"{len(SPOILERS)} defects, {len(missed)} missed"]))
    return 1 if missed else 0


def main(folder, plant):
    told = json.loads((folder / "objects.json").read_text())
    objects = [(one["name"], one["ics"].encode("utf-8"), one["meant"]) for one in told]
    if plant:
        return unnoticed(objects)
    defects = []
    for name, ics, meant in objects:
        found = [f"{reader}: {complaint}" for reader in READERS for complaint in complaints(reader, ics, meant)]
        defects += [f"{name}: {complaint}" for complaint in found or disagreements(ics)]
    print("\n".join([*defects, f"{len(objects)} objects, {len(READERS)} readers, {len(defects)} defects"]))
    return 1 if defects or not objects else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]), "--spoilt" in sys.argv[2:]))
