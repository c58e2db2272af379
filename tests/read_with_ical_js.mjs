// Reads calendar objects with ical.js: each line of standard input is one as a JSON string, and is answered by a line
// with the reading that `calendar_readers.py` describes, or with why there is none.

import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const { default: ICAL } = await import(pathToFileURL(process.env.VELDWERK_TEST_ICAL_JS));

function party(event, name) {
  const property = event.getFirstProperty(name);
  if (property === null) return [null, null];
  return [property.getFirstValue().replace(/^mailto:/, ""), property.getFirstParameter("cn") ?? null];
}

function seconds(event, name) {
  const moment = event.getFirstPropertyValue(name);
  if (moment.zone === ICAL.Timezone.localTimezone) throw new Error(`${name} floats`);
  return moment.toUnixTime();
}

function read(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const events = calendar.getAllSubcomponents("vevent");
  if (events.length !== 1) throw new Error(`${events.length} events`);
  const [event] = events;
  const [organizer, organizerName] = party(event, "organizer");
  const [attendee, attendeeName] = party(event, "attendee");
  return {
    method: calendar.getFirstPropertyValue("method"),
    uid: event.getFirstPropertyValue("uid"),
    sequence: event.getFirstPropertyValue("sequence"),
    stamp: seconds(event, "dtstamp"),
    starts_at: seconds(event, "dtstart"),
    ends_at: seconds(event, "dtend"),
    status: event.getFirstPropertyValue("status"),
    summary: event.getFirstPropertyValue("summary"),
    description: event.getFirstPropertyValue("description"),
    location: event.getFirstPropertyValue("location"),
    organizer,
    organizer_name: organizerName,
    attendee,
    attendee_name: attendeeName,
    alarms: event.getAllSubcomponents("valarm").length,
    properties: event.getAllProperties().map((property) => property.name.toUpperCase()).sort(),
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = read(JSON.parse(line));
  } catch (error) {
    answer = { fault: `${error.name}: ${error.message}` };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
