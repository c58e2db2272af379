"""Reads invite mails as a mail program and a calendar would, and reports every defect that is known to matter to one.

    python3 invite_checklist.py FOLDER            checks FOLDER/cases.json
    python3 invite_checklist.py FOLDER --spoilt   plants one defect at a time and demands that its check finds it

`cases.json` is a list in the order in which the mails left; the name of each is that of its file:

    {"name", "chain", "kind": "request" | "cancel" | "decline" | "notice" | "notice_cancel", "to", "to_name",
     "role", "organizer", "organizer_name", "domain", "uid", "sequence", "starts_at", "ends_at", "zone", "mode": "teams" | "in_person",
     "join_link", "place", "summary", "hidden": [what subject and calendar must not name],
     "secret": [what the calendar must not hold]}

A chain is what one recipient got about one interview. Every check is one function, named by what it demands; it yields
its complaints. Nothing here shares code with the writer of the mails: `email` of the standard library takes them apart, and
the programs of `calendar_readers.py` read the calendars, each with its own idea of time zones.
"""

import base64
import datetime
import email
import email.header
import email.policy
import json
import pathlib
import re
import sys
import zoneinfo

import icalendar

import calendar_readers

UTC = datetime.timezone.utc
CHECKS = []
SPOILERS = []


def check(function):
    CHECKS.append(function)
    return function


def spoiler(finder):
    """Plants a defect that the check of that name must find: a function from a mail's bytes to other bytes."""

    def register(function):
        SPOILERS.append((finder, function))
        return function

    return register


class Case:
    """A mail with what is known of it."""

    def __init__(self, facts, raw):
        self.facts = facts
        self.raw = raw
        self.mail = email.message_from_bytes(raw, policy=email.policy.SMTP)
        self.earlier = []
        self.parts = [part for part in self.mail.walk() if not part.is_multipart()]
        calendars = [p for p in self.parts if p.get_content_type() in ("text/calendar", "application/ics")]
        self.ics = calendars[0].get_payload(decode=True) if calendars else b""
        self.lines = unfolded(self.ics)
        self._calendar = None

    def __getattr__(self, name):
        try:
            return self.facts[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def is_invite(self):
        return self.kind in ("request", "cancel", "decline")

    @property
    def describes(self):
        """Whether it tells what the interview is like, and not only that something is off."""
        return self.kind in ("request", "notice")

    @property
    def is_cancel(self):
        return self.kind in ("cancel", "notice_cancel")

    @property
    def calendar(self):
        if self._calendar is None:
            self._calendar = icalendar.Calendar.from_ical(self.ics)
        return self._calendar

    @property
    def event(self):
        return self.calendar.walk("VEVENT")[0]

    def shown_name(self, header):
        """The name in an address header; the standard library's newer reader puts a space between encoded words."""
        value = email.message_from_bytes(self.raw)[header]
        name = email.header.decode_header(value[: value.rindex("<")].replace("\r\n", "").strip())
        return str(email.header.make_header(name)).strip('"')

    def prose(self, kind):
        part = next((p for p in self.parts if p.get_content_type() == kind), None)
        return part.get_content() if part else ""

    def values(self, name):
        """The raw values of a property of the event, each with its parameters: (parameters, value)."""
        found, inside = [], []
        for line in self.lines:
            if line.startswith("BEGIN:"):
                inside.append(line[6:])
            elif line.startswith("END:"):
                inside.pop()
            elif inside[-1:] == ["VEVENT"] and re.match(re.escape(name) + "[;:]", line):
                found.append(split_property(line[len(name) :]))
        return found

    def value(self, name):
        values = self.values(name)
        return values[0][1] if len(values) == 1 else None

    def instant(self, text):
        return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def unfolded(ics):
    text = ics.decode("utf-8", "replace").replace("\r\n ", "").replace("\r\n\t", "")
    return [line for line in text.split("\r\n") if line]


def split_property(rest):
    """Parameters and value of a content line without its name; a colon in quotes does not end the parameters."""
    quoted = False
    for at, character in enumerate(rest):
        if character == '"':
            quoted = not quoted
        elif character == ":" and not quoted:
            return parameters_of(rest[:at]), rest[at + 1 :]
    return {}, rest


def parameters_of(text):
    found = {}
    for part in re.findall(r';([^=;]+)=((?:"[^"]*"|[^;"])*)', text):
        found[part[0]] = part[1]
    return found


def tree(part):
    if part.is_multipart():
        return [part.get_content_type(), *[tree(inner) for inner in part.iter_parts()]]
    return part.get_content_type()


# The mail


@check
def one_mail_goes_to_one_recipient_and_shows_no_other(case):
    recipients = [a for name in ("To", "Cc", "Bcc") for h in case.mail.get_all(name, []) for a in h.addresses]
    if [a.addr_spec for a in recipients] != [case.to]:
        yield f"recipients {[str(a) for a in recipients]}"


@check
def the_parts_stand_in_the_order_that_outlook_needs(case):
    prose = ["text/plain", "text/html"]
    if case.is_invite:
        wanted = ["multipart/mixed", ["multipart/alternative", *prose, "text/calendar"], "application/ics"]
    else:
        wanted = ["multipart/mixed", ["multipart/alternative", *prose], "text/calendar"]
    if tree(case.mail) != wanted:
        yield f"{tree(case.mail)}"


@check
def the_inline_calendar_has_neither_disposition_nor_content_id(case):
    if case.is_invite:
        part = next((p for p in case.parts if p.get_content_type() == "text/calendar"), None)
        for name in ("Content-Disposition", "Content-ID"):
            if part is not None and part[name] is not None:
                yield f"{name}: {part[name]}"


@check
def the_copy_has_the_same_bytes_and_a_usual_name(case):
    copy = case.parts[-1]
    name = "invite.ics" if case.is_invite else "interview.ics"
    if copy.get_content_disposition() != "attachment" or copy.get_filename() != name:
        yield f"{copy.get_content_disposition()} {copy.get_filename()}"
    if copy.get_payload(decode=True) != case.ics:
        yield "other bytes than the inline part"


@check
def the_method_parameter_equals_the_method_and_the_charset_is_stated(case):
    part = next((p for p in case.parts if p.get_content_type() == "text/calendar"), None)
    if part is None:
        yield "no text/calendar"
        return
    stated = re.search(r"method=\"?([A-Za-z]+)", part["Content-Type"] or "")
    method = [line[7:] for line in case.lines if line.startswith("METHOD:")]
    wanted = {"request": ["REQUEST"], "cancel": ["CANCEL"], "decline": ["DECLINECOUNTER"]}.get(case.kind, [])
    if method != wanted:
        yield f"METHOD {method}, wanted {wanted}"
    if [stated.group(1)] * bool(method) != method if stated else bool(wanted):
        yield f"parameter {stated and stated.group(1)}"
    if (part.get_content_charset() or "").lower() != "utf-8":
        yield f"charset {part.get_content_charset()}"


@check
def every_part_is_encoded_so_that_no_relay_harms_it(case):
    for part in case.parts:
        encoding = (part["Content-Transfer-Encoding"] or "7bit").lower()
        if encoding not in ("base64", "quoted-printable", "7bit"):
            yield f"{part.get_content_type()} as {encoding}"
    if any(byte > 126 or (byte < 32 and byte not in (9, 10, 13)) for byte in case.raw):
        yield "not plain ASCII"
    lines = case.raw.split(b"\r\n")
    if any(b"\r" in line or b"\n" in line for line in lines):
        yield "a line end that is not CRLF"
    if any(len(line) > 998 for line in lines):
        yield "a line of more than 998 octets"


@check
def all_headers_are_there_once(case):
    for name in ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Auto-Submitted", "Reply-To"):
        if len(case.mail.get_all(name, [])) != 1:
            yield f"{name}: {len(case.mail.get_all(name, []))} times"
    if case.mail["Auto-Submitted"] != "auto-generated":
        yield f"Auto-Submitted: {case.mail['Auto-Submitted']}"
    if case.mail["Bcc"] is not None:
        yield "Bcc"
    for name in ("List-Unsubscribe", "List-Unsubscribe-Post"):
        if case.mail[name] is not None:
            yield f"{name} on a letter that recruits nobody"


@check
def the_message_id_is_new_and_of_the_own_domain(case):
    identifier = str(case.mail["Message-ID"])
    if not re.fullmatch(rf"<[^<>@\s]+@{re.escape(case.domain)}>", identifier):
        yield identifier
    if identifier in [str(other.mail["Message-ID"]) for other in case.earlier]:
        yield f"{identifier} again"


@check
def what_follows_belongs_to_the_thread_of_the_first_invite(case):
    first = str(case.earlier[0].mail["Message-ID"]) if case.earlier else None
    for name in ("In-Reply-To", "References"):
        told = case.mail[name]
        if (str(told) if told is not None else None) != first:
            yield f"{name}: {told}, wanted {first}"


@check
def the_sender_is_the_organizer(case):
    senders = [a.addr_spec for a in case.mail["From"].addresses]
    if senders != [case.organizer]:
        yield f"From {senders}"
    if case.shown_name("From") != case.organizer_name:
        yield f"From name {case.shown_name('From')!r}"
    if case.value("ORGANIZER") != f"mailto:{case.organizer}":
        yield f"ORGANIZER {case.value('ORGANIZER')}"


@check
def subject_and_summary_name_neither_study_nor_person(case):
    for where, text in (("Subject", str(case.mail["Subject"])), ("SUMMARY", str(case.event.get("SUMMARY")))):
        for hidden in case.hidden:
            if hidden in text:
                yield f"{where}: {text!r} names {hidden!r}"
        if not text.strip() or "\n" in text or "\r" in text:
            yield f"{where}: {text!r}"


@check
def text_and_html_tell_where_it_is_as_the_calendar_does(case):
    if not case.describes:
        return
    where = case.join_link if case.mode == "teams" else case.place
    for kind in ("text/plain", "text/html"):
        prose = case.prose(kind)
        if kind == "text/html":
            prose = html_text(prose)
        if where and squeezed(where) not in squeezed(prose):
            yield f"{kind} lacks {where!r}"


@check
def the_name_of_the_recipient_is_shown_as_it_is(case):
    shown = case.shown_name("To")
    if shown != case.to_name:
        yield f"{shown!r}, wanted {case.to_name!r}"


def html_text(html):
    import html as entities

    return entities.unescape(re.sub(r"<[^>]*>", " ", html))


def squeezed(text):
    return re.sub(r"\s+", "", text)


# The iCalendar object


@check
def lines_end_in_crlf_and_none_is_blank(case):
    if case.ics.startswith(b"\xef\xbb\xbf"):
        yield "a byte order mark"
    if not case.ics.endswith(b"END:VCALENDAR\r\n"):
        yield f"ends in {case.ics[-20:]!r}"
    lines = case.ics.split(b"\r\n")[:-1]
    if any(not line.strip() for line in lines):
        yield "a blank line"
    if any(b"\r" in line or b"\n" in line for line in lines):
        yield "a bare CR or LF"


@check
def lines_fold_at_75_octets_and_never_inside_a_character(case):
    for line in case.ics.split(b"\r\n"):
        if len(line) > 75:
            yield f"{len(line)} octets: {line[:30]!r}"
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            yield f"cut inside a character: {line[-10:]!r}"
        if re.match(rb"[ \t]+(BEGIN|END):", line):
            yield f"an indented {line!r}"


@check
def no_control_character_is_left(case):
    bad = [c for line in case.lines for c in line if (ord(c) < 32 and c != "\t") or ord(c) in (127, 0x202E, 0x2028, 0x2029)]
    if bad:
        yield f"{bad!r}"


@check
def text_is_escaped_once_and_nothing_else_is(case):
    for name in ("SUMMARY", "DESCRIPTION", "LOCATION"):
        for _, value in case.values(name):
            if re.search(r'(?<!\\)(?:\\\\)*[;,]', re.sub(r"\\[;,nN]", "", value)):
                yield f"{name} has a bare separator: {value!r}"
            if re.search(r"\\[^;,nN\\]", value.replace("\\\\", "")):
                yield f"{name} escapes what it must not: {value!r}"
    if str(case.event.get("SUMMARY")) != case.summary:
        yield f"SUMMARY {str(case.event.get('SUMMARY'))!r}, wanted {case.summary!r}"


@check
def all_readers_find_the_same(case):
    yield from calendar_readers.disagreements(case.ics)


@check
def parameters_of_people_stand_in_quotes(case):
    for name in ("ORGANIZER", "ATTENDEE"):
        for parameters, _ in case.values(name):
            common = parameters.get("CN", "")
            inner = common.strip('"')
            if '"' in inner or (re.search(r"[,;:]", inner) and not re.fullmatch(r'"[^"]*"', common)):
                yield f"{name}: CN={common}"
    for name, shown in (("ORGANIZER", case.organizer_name), ("ATTENDEE", case.to_name)):
        for parameters, _ in case.values(name):
            if parameters.get("CN", "").strip('"') != shown.replace('"', "'").replace("\\", "/").replace("^", "ˆ"):
                yield f"{name}: CN={parameters.get('CN')}, wanted {shown!r}"


@check
def the_calendar_says_its_version_and_holds_one_event(case):
    wanted = {"VERSION": ["2.0"], "CALSCALE": ["GREGORIAN"]}
    for name, value in wanted.items():
        found = [line[len(name) + 1 :] for line in case.lines if line.startswith(name + ":")]
        if found != value:
            yield f"{name} {found}"
    if sum(line.startswith("PRODID:") for line in case.lines) != 1:
        yield "PRODID"
    begins = [line[6:] for line in case.lines if line.startswith("BEGIN:")]
    outer = [name for name in begins if name in ("VCALENDAR", "VTIMEZONE", "VEVENT")]
    if outer not in (["VCALENDAR", "VEVENT"], ["VCALENDAR", "VTIMEZONE", "VEVENT"]):
        yield f"{outer}"


@check
def nothing_is_published(case):
    if any(line.startswith("METHOD:PUBLISH") for line in case.lines):
        yield "METHOD:PUBLISH"


@check
def the_uid_is_the_interviews_for_life(case):
    if case.value("UID") != case.uid:
        yield f"{case.value('UID')}, wanted {case.uid}"
    if not case.uid.endswith("@" + case.domain):
        yield f"{case.uid} is not of {case.domain}"


@check
def dtstamp_is_utc_and_rises(case):
    stamp = case.value("DTSTAMP") or ""
    if not re.fullmatch(r"\d{8}T\d{6}Z", stamp):
        yield f"{stamp}"
    if case.earlier and stamp <= (case.earlier[-1].value("DTSTAMP") or ""):
        yield f"{stamp} after {case.earlier[-1].value('DTSTAMP')}"


@check
def sequence_is_told_and_rises(case):
    if case.value("SEQUENCE") != str(case.sequence):
        yield f"{case.value('SEQUENCE')}, wanted {case.sequence}"
    # Who is told that another time does not suit is told nothing new.
    least = 0 if case.kind == "decline" else 1
    if case.earlier and int(case.value("SEQUENCE") or 0) < int(case.earlier[-1].value("SEQUENCE") or 0) + least:
        yield f"{case.value('SEQUENCE')} after {case.earlier[-1].value('SEQUENCE')}"
    if any("X-MICROSOFT-CDO-APPT-SEQUENCE" in line for line in case.lines):
        yield "X-MICROSOFT-CDO-APPT-SEQUENCE, which Exchange prefers"


@check
def the_organizer_is_a_bare_mailbox_and_stays_the_same(case):
    values = case.values("ORGANIZER")
    if len(values) != 1 or not re.fullmatch(r"mailto:[^\s<>\"]+@[^\s<>\"]+", values[0][1]):
        yield f"{values}"
    elif "SENT-BY" in values[0][0]:
        yield "SENT-BY without a delegation"
    if case.earlier and values != case.earlier[0].values("ORGANIZER"):
        yield f"{values} after {case.earlier[0].values('ORGANIZER')}"


@check
def the_recipient_is_the_one_attendee_spelled_as_the_mail_is_addressed(case):
    attendees = case.values("ATTENDEE")
    if not case.is_invite:
        if attendees:
            yield f"a notice asks nobody to answer: {attendees}"
        return
    if [value for _, value in attendees] != [f"mailto:{case.to}"]:
        yield f"{attendees}, wanted {case.to}"
        return
    wanted = {"CUTYPE": "INDIVIDUAL", "ROLE": case.role}
    if case.kind == "request":
        wanted |= {"PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"}
    for name, value in wanted.items():
        if attendees[0][0].get(name) != value:
            yield f"{name}={attendees[0][0].get(name)}"


@check
def a_request_stands_and_takes_time(case):
    if not case.describes:
        return
    for name, value in {"STATUS": "CONFIRMED", "TRANSP": "OPAQUE", "CLASS": "PRIVATE"}.items():
        if case.value(name) != value:
            yield f"{name}:{case.value(name)}"
    for name in ("LOCATION", "DESCRIPTION", "SUMMARY"):
        if not case.value(name):
            yield f"no {name}"


@check
def a_cancellation_says_what_is_off_and_rings_no_more(case):
    if not case.is_cancel:
        return
    if case.value("STATUS") != "CANCELLED":
        yield f"STATUS:{case.value('STATUS')}"
    for name in ("DTSTART", "DTEND", "SUMMARY"):
        if not case.value(name):
            yield f"no {name}"
    if "BEGIN:VALARM" in case.lines:
        yield "VALARM"
    if case.value("TRANSP") == "OPAQUE":
        yield "it still takes time"


@check
def an_alarm_is_shown_before_the_start(case):
    alarms = case.calendar.walk("VALARM")
    if len(alarms) != int(case.describes):
        yield f"{len(alarms)} alarms"
    for alarm in alarms:
        if alarm.get("ACTION") != "DISPLAY" or not alarm.get("DESCRIPTION") or alarm.TRIGGER >= datetime.timedelta():
            yield f"{alarm.to_ical()!r}"


@check
def no_counter_proposal_is_asked_for(case):
    if case.kind == "request" and case.value("X-MICROSOFT-DISALLOW-COUNTER") != "TRUE":
        yield f"{case.value('X-MICROSOFT-DISALLOW-COUNTER')}"


# Time


@check
def every_reader_finds_the_right_instants(case):
    for key in ("starts_at", "ends_at"):
        wanted = int(case.instant(case.facts[key]).timestamp())
        for name, read in calendar_readers.READERS.items():
            found = read(case.ics)[key]
            if found != wanted:
                yield f"{key} by {name}: {found}, wanted {wanted}"


@check
def a_named_zone_comes_with_both_halves_and_yearly_rules(case):
    names = {parameters.get("TZID") for name in ("DTSTART", "DTEND") for parameters, _ in case.values(name)} - {None}
    zones = case.calendar.walk("VTIMEZONE")
    if {str(zone["TZID"]) for zone in zones} != names:
        yield f"{names} but {[str(zone['TZID']) for zone in zones]}"
    if names and names != {case.zone}:
        yield f"{names}, wanted {case.zone}"
    for zone in zones:
        halves = [half.name for half in zone.subcomponents]
        changes = has_changes(case.zone, case.instant(case.starts_at))
        if sorted(halves) != (["DAYLIGHT", "STANDARD"] if changes else ["STANDARD"]):
            yield f"halves {halves}"
        for half in zone.subcomponents:
            if half.get("RDATE") is not None:
                yield "RDATE, which Outlook misreads"
            rule = half.get("RRULE")
            if changes and (rule is None or rule.get("FREQ") != ["YEARLY"]):
                yield f"RRULE {rule}"
            if changes and half["DTSTART"].dt.year > case.instant(case.starts_at).year - 5:
                yield f"begins only in {half['DTSTART'].dt.year}"


@check
def in_the_hour_that_comes_twice_the_time_is_utc(case):
    zone = zoneinfo.ZoneInfo(case.zone)
    for moment in (case.starts_at, case.ends_at):
        wall = case.instant(moment).astimezone(zone).replace(tzinfo=None)
        if wall.replace(tzinfo=zone, fold=0).utcoffset() != wall.replace(tzinfo=zone, fold=1).utcoffset():
            for name in ("DTSTART", "DTEND"):
                if not (case.value(name) or "").endswith("Z"):
                    yield f"{name}:{case.value(name)}"


def has_changes(zone, at):
    zone = zoneinfo.ZoneInfo(zone)
    offsets = {(at + datetime.timedelta(days=30 * month)).astimezone(zone).utcoffset() for month in range(12)}
    return len(offsets) > 1


# Where


@check
def online_the_link_stands_wherever_a_calendar_looks_for_it(case):
    if case.mode != "teams" or not case.describes:
        return
    location, description = str(case.event.get("LOCATION")), str(case.event.get("DESCRIPTION"))
    if not location.startswith("Microsoft Teams"):
        yield f"LOCATION {location!r}"
    properties = ("X-MICROSOFT-SKYPETEAMSMEETINGURL", "CONFERENCE")
    if case.join_link is None:
        if "://" in location or any(case.values(name) for name in properties):
            yield "a link before there is one"
        return
    if case.join_link not in location:
        yield f"LOCATION {location!r}"
    if case.join_link not in description.split("\n"):
        yield f"DESCRIPTION lacks it on a line of its own: {description!r}"
    for name in properties:
        if case.value(name) != case.join_link:
            yield f"{name} {case.value(name)}"
    if case.values("CONFERENCE") and case.values("CONFERENCE")[0][0].get("VALUE") != "URI":
        yield "CONFERENCE without VALUE=URI"


@check
def in_person_the_place_is_told_and_nothing_of_teams_is_left(case):
    if case.mode == "in_person" and case.describes and str(case.event.get("LOCATION")) != case.place:
        yield f"LOCATION {str(case.event.get('LOCATION'))!r}, wanted {case.place!r}"
    if case.mode == "in_person" or not case.describes:
        for line in case.lines:
            if "TEAMS" in line.upper() and not line.startswith(("ORGANIZER", "ATTENDEE")):
                yield f"{line!r}"


@check
def no_secret_gets_into_a_calendar_that_others_may_see(case):
    text = "\n".join(case.lines)
    for secret in case.secret:
        if secret in text:
            yield f"{secret!r}"


@check
def a_calendar_that_takes_in_the_whole_chain_ends_right(case):
    held = {}
    for message in [*case.earlier, case]:
        event = message.event
        uid, version = str(event["UID"]), (int(event.get("SEQUENCE", 0)), event["DTSTAMP"].dt)
        if uid in held and version <= held[uid][0]:
            yield f"{message.name} is passed over as old"
            continue
        if message.kind == "decline":
            continue
        held[uid] = (version, None if event.get("STATUS") == "CANCELLED" else event["DTSTART"].dt.astimezone(UTC))
    wanted = {case.uid: None if case.is_cancel else case.instant(case.starts_at)}
    if {uid: start for uid, (_, start) in held.items()} != wanted:
        yield f"{held}, wanted {wanted}"


# Planted defects


def with_ics(change):
    """A spoiler that changes the calendar, unfolded, and leaves the rest of the mail as it was."""

    def spoil(raw):
        case = Case({}, raw)
        old = case.ics
        new = change(old.replace(b"\r\n ", b""))
        for part in re.findall(rb"(?:[A-Za-z0-9+/=]{4,76}\r\n)+", raw):
            try:
                if base64.b64decode(part) == old:
                    raw = raw.replace(part, base64.encodebytes(new).replace(b"\n", b"\r\n"))
            except ValueError:
                pass
        return raw

    return spoil


def swap(old, new):
    return lambda text: text.replace(old, new, 1)


for finder, old, new in [
    ("one_mail_goes_to_one_recipient_and_shows_no_other", b"\r\nSubject:", b"\r\nCc: x@example.org\r\nSubject:"),
    ("the_parts_stand_in_the_order_that_outlook_needs", b"Content-Type: text/html", b"Content-Type: text/enriched"),
    ("the_method_parameter_equals_the_method_and_the_charset_is_stated", b"method=REQUEST", b"method=request"),
    ("the_method_parameter_equals_the_method_and_the_charset_is_stated", b"method=REQUEST; charset=utf-8", b"method=REQUEST"),
    ("every_part_is_encoded_so_that_no_relay_harms_it", b"Subject: ", "Subject: ë".encode()),
    ("all_headers_are_there_once", b"Auto-Submitted: auto-generated\r\n", b""),
    ("all_headers_are_there_once", b"Date: ", b"X-Date: "),
    ("the_message_id_is_new_and_of_the_own_domain", b"Message-ID: <", b"Message-ID: <x@localhost "),
    ("what_follows_belongs_to_the_thread_of_the_first_invite", b"Date:", b"In-Reply-To: <x@y>\r\nDate:"),
    ("text_and_html_tell_where_it_is_as_the_calendar_does", b"//teams.example", b"//elsewhere.example"),
    ("the_name_of_the_recipient_is_shown_as_it_is", b"\r\nTo: ", b"\r\nTo: Dr. "),
    ("the_sender_is_the_organizer", b"\r\nFrom: ", b"\r\nFrom: x@example.org\r\nX-From: "),
]:
    spoiler(finder)(swap(old, new))


@spoiler("the_inline_calendar_has_neither_disposition_nor_content_id")
def _(raw):
    return re.sub(rb"(Content-Type: text/calendar; method)", rb"Content-Disposition: inline\r\n\1", raw, count=1)


@spoiler("the_copy_has_the_same_bytes_and_a_usual_name")
def _(raw):
    return raw.replace(b"invite.ics", b"Meeting.ics")


for finder, old, new in [
    ("lines_end_in_crlf_and_none_is_blank", b"END:VCALENDAR\r\n", b"END:VCALENDAR\r\n\r\n"),
    ("lines_end_in_crlf_and_none_is_blank", b"VERSION:2.0\r\n", b"VERSION:2.0\n"),
    ("lines_fold_at_75_octets_and_never_inside_a_character", b"", b""),
    ("no_control_character_is_left", b"SUMMARY:", b"SUMMARY:\x07"),
    ("text_is_escaped_once_and_nothing_else_is", b"SUMMARY:", b"SUMMARY:a;b"),
    ("parameters_of_people_stand_in_quotes", b'CN="', b"CN="),
    ("the_calendar_says_its_version_and_holds_one_event", b"VERSION:2.0\r\n", b""),
    ("nothing_is_published", b"METHOD:REQUEST", b"METHOD:PUBLISH"),
    ("the_uid_is_the_interviews_for_life", b"\r\nUID:", b"\r\nUID:x"),
    ("dtstamp_is_utc_and_rises", b"\r\nDTSTAMP:2", b"\r\nDTSTAMP:1"),
    ("dtstamp_is_utc_and_rises", b"Z\r\nSEQUENCE", b"\r\nSEQUENCE"),
    ("sequence_is_told_and_rises", b"\r\nSEQUENCE:", b"\r\nX-SEQUENCE:"),
    ("sequence_is_told_and_rises", b"\r\nSEQUENCE:", b"\r\nX-MICROSOFT-CDO-APPT-SEQUENCE:0\r\nSEQUENCE:"),
    ("the_organizer_is_a_bare_mailbox_and_stays_the_same", b"\r\nORGANIZER;", b"\r\nORGANIZER;SENT-BY=x;"),
    ("the_recipient_is_the_one_attendee_spelled_as_the_mail_is_addressed", b"RSVP=TRUE", b"RSVP=FALSE"),
    ("a_request_stands_and_takes_time", b"TRANSP:OPAQUE", b"TRANSP:TRANSPARENT"),
    ("an_alarm_is_shown_before_the_start", b"TRIGGER:-PT", b"TRIGGER:PT"),
    ("no_counter_proposal_is_asked_for", b"X-MICROSOFT-DISALLOW-COUNTER:TRUE\r\n", b""),
    ("every_reader_finds_the_right_instants", b"TZOFFSETTO:+0100", b"TZOFFSETTO:+0300"),
    ("every_reader_finds_the_right_instants", b"TZOFFSETTO:+0200", b"TZOFFSETTO:+0300"),
    ("a_named_zone_comes_with_both_halves_and_yearly_rules", b"RRULE:FREQ=YEARLY", b"X-RULE:FREQ=YEARLY"),
    ("a_named_zone_comes_with_both_halves_and_yearly_rules", b"TZID:Europe", b"TZID:Oerope"),
    (
        "in_the_hour_that_comes_twice_the_time_is_utc",
        b"DTSTART:20271031T003000Z",
        b"DTSTART;TZID=Europe/Amsterdam:20271031T023000",
    ),
    ("all_readers_find_the_same", b"\r\nSUMMARY:", b"\r\nno property at all\r\nSUMMARY:"),
    ("online_the_link_stands_wherever_a_calendar_looks_for_it", b"SKYPETEAMSMEETINGURL", b"X"),
    ("no_secret_gets_into_a_calendar_that_others_may_see", b"DESCRIPTION:", b"DESCRIPTION:@SECRET@"),
    ("a_calendar_that_takes_in_the_whole_chain_ends_right", b"STATUS:CONFIRMED", b"STATUS:CANCELLED"),
    ("a_cancellation_says_what_is_off_and_rings_no_more", b"STATUS:CANCELLED", b"STATUS:CONFIRMED"),
    ("in_person_the_place_is_told_and_nothing_of_teams_is_left", b"LOCATION:", b"LOCATION:Microsoft Teams"),
    ("subject_and_summary_name_neither_study_nor_person", b"\r\nSUMMARY:", b"\r\nSUMMARY:@HIDDEN@"),
]:
    spoiler(finder)(with_ics(swap(old, new)))


def complaints_of(function, case):
    try:
        return list(function(case))
    except Exception as fault:  # A reader that stumbles has found a defect.
        return [f"{type(fault).__name__}: {fault}"]


def load(folder):
    chains = {}
    for facts in json.loads((folder / "cases.json").read_text()):
        case = Case(facts, (folder / facts["name"]).read_bytes())
        chain = chains.setdefault(facts["chain"], [])
        case.earlier = list(chain)
        chain.append(case)
    return [case for chain in chains.values() for case in chain]


def main(folder, spoilt):
    cases = load(folder)
    if spoilt:
        return unnoticed(cases)
    defects = [
        f"{case.name}: {function.__name__}: {complaint}"
        for case in cases
        for function in CHECKS
        for complaint in complaints_of(function, case)
    ]
    print("\n".join(defects + [f"{len(cases)} mails, {len(CHECKS)} checks, {len(defects)} defects"]))
    return 1 if defects or not cases else 0


def unnoticed(cases):
    """Plants each defect in every mail that it fits; its check must find it in one of them. No check goes untried."""
    checks = {function.__name__: function for function in CHECKS}
    missed = []
    for number, (finder, spoil) in enumerate(SPOILERS):
        planted = 0
        for case in cases:
            raw = spoil(case.raw)
            hidden = case.hidden[0] if case.hidden else ""
            if b"@SECRET@" in Case({}, raw).ics:
                raw = with_ics(swap(b"@SECRET@", case.secret[0].encode()))(raw)
            if b"@HIDDEN@" in Case({}, raw).ics:
                raw = with_ics(swap(b"@HIDDEN@", hidden.encode()))(raw)
            if raw == case.raw:
                continue
            worse = Case(case.facts, raw)
            worse.earlier = case.earlier
            planted += bool(complaints_of(checks[finder], worse))
        if not planted:
            missed.append(f"defect {number} is not found by {finder}")
    untried = sorted(set(checks) - {finder for finder, _ in SPOILERS})
    missed += [f"no defect is planted for {name}" for name in untried]
    print("\n".join([*missed, f"{len(SPOILERS)} planted, {len(missed)} missed"]))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]), "--spoilt" in sys.argv[2:]))
