// Dragging in the agenda, for those who have a mouse or a pen. Nothing moves by it: what is dropped leads to the page that
// asks once more, filled in. The links and forms of the page do the same without it.
//
// The page is replaced in place when its filter changes, so everything is listened to on the document.

document.documentElement.classList.add("agenda-drags");

/** So far a pointer moves before it drags, in pixels: less is a click. */
const SLACK = 6;
/** What is dragged jumps by so many minutes at most. */
const STEP = 15;

/** The drag that goes on: what began it, and what it would become. */
let drag = null;

const clock = (minute) => [Math.floor(minute / 60) % 24, minute % 60].map((part) => String(part).padStart(2, "0")).join(":");

/** The hours of a grid, in minutes of the day, and the steps in which one moves. */
function scaleOf(field) {
  const { from, until, step } = field.closest(".agenda-grid").dataset;
  return { from: from * 60, until: until * 60, step: Math.min(step, STEP) };
}

/** The minute of the day at a height on the screen. */
function minuteAt(field, y) {
  const { from, until } = scaleOf(field);
  const box = field.getBoundingClientRect();
  return from + ((y - box.top) / box.height) * (until - from);
}

/** The field under the pointer into which something can be planned, if there is one. */
const fieldAt = (x, y) =>
  document.elementsFromPoint(x, y).find((element) => element.matches(".agenda-field[data-date]")) ?? null;

/** Shows what would be, from one minute to another. */
function show(field, from, until) {
  const scale = scaleOf(field);
  const share = (minutes) => `${(minutes / (scale.until - scale.from)) * 100}%`;
  const { ghost } = drag;
  ghost.style.top = share(from - scale.from);
  ghost.style.height = share(until - from);
  ghost.textContent = `${clock(from)} – ${clock(until)}`;
  field.append(ghost);
  drag.wish = { field, from, until };
}

/** An interview that is dragged keeps its length and the place at which it was taken up. */
function carry(x, y) {
  const field = fieldAt(x, y);
  if (!field) {
    drag.ghost.remove();
    drag.wish = null;
    return;
  }
  const { from, until, step } = scaleOf(field);
  const start = Math.round((minuteAt(field, y) - drag.grip) / step) * step;
  const within = Math.max(from, Math.min(start, until - step));
  show(field, within, Math.min(within + drag.length, until));
}

/** Empty time that is dragged over grows from where the drag began, in that column only. */
function span(y) {
  const { from, until, step } = scaleOf(drag.field);
  const [first, last] = [drag.begun, minuteAt(drag.field, y)].sort((a, b) => a - b);
  const begins = Math.max(from, Math.floor(first / step) * step);
  show(drag.field, begins, Math.min(until, Math.max(begins + step, Math.ceil(last / step) * step)));
}

function end() {
  drag?.ghost.remove();
  document.body.classList.remove("agenda-dragging");
  drag = null;
}

/** Where what was dropped leads to. */
function address({ field, from, until }) {
  const { date, who } = field.dataset;
  if (drag.move) return `${drag.move}?${new URLSearchParams({ date, time: clock(from), interviewer: who })}`;
  const { time } = field.closest(".agenda-grid").dataset;
  return `${time}?${new URLSearchParams({ who, date, from: clock(from), until: clock(until) })}`;
}

document.addEventListener("pointerdown", (event) => {
  const field = event.target.closest?.(".agenda-field");
  const isList = getComputedStyle(field ?? document.body).position !== "relative";
  if (!field || isList || event.button !== 0 || event.pointerType === "touch") return;
  const item = event.target.closest(".agenda-item");
  const move = item?.querySelector("[data-move]")?.dataset.move;
  if (item ? !move : !field.dataset.date) return;
  const ghost = document.createElement("div");
  ghost.className = "agenda-ghost";
  const begun = minuteAt(field, event.clientY);
  drag = { at: [event.clientX, event.clientY], field, move, begun, ghost, wish: null, isMoving: false };
  if (item) {
    const box = item.getBoundingClientRect();
    drag.grip = begun - minuteAt(field, box.top);
    drag.length = Number(field.closest(".agenda-grid").dataset.minutes);
  }
});

document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  const [x, y] = drag.at;
  if (!drag.isMoving && Math.hypot(event.clientX - x, event.clientY - y) < SLACK) return;
  drag.isMoving = true;
  document.body.classList.add("agenda-dragging");
  event.preventDefault();
  if (drag.move) carry(event.clientX, event.clientY);
  else span(event.clientY);
});

document.addEventListener("pointerup", () => {
  const to = drag?.isMoving && drag.wish ? address(drag.wish) : null;
  const isDrop = drag?.isMoving;
  end();
  if (to) location.assign(to);
  if (!isDrop) return;
  // The click that ends a drag follows no link.
  const stay = (event) => event.preventDefault();
  document.addEventListener("click", stay, { capture: true });
  setTimeout(() => document.removeEventListener("click", stay, { capture: true }), 0);
});

document.addEventListener("pointercancel", end);
document.addEventListener("keydown", (event) => event.key === "Escape" && end());
// A link would be dragged as an address.
document.addEventListener("dragstart", (event) => event.target.closest?.(".agenda-field") && event.preventDefault());
