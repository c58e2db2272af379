// Choosing one of the free times; without JavaScript the page works as it stands.

// The times of all days are one choice, of which the Tab key knows a single one. It leads into every opened day.
for (const day of document.querySelectorAll("details.day")) {
  day.querySelector("summary").addEventListener("keydown", (event) => {
    if (event.key !== "Tab" || event.shiftKey || !day.open || day.querySelector(":checked")) return;
    event.preventDefault();
    day.querySelector("[type=radio]").focus();
  });
}

// What was chosen stands beside the button, wherever on the page it was chosen.
for (const told of document.querySelectorAll("[data-chosen]")) {
  const show = () => {
    const moment = told.closest("form").querySelector("[data-moment]:checked")?.dataset.moment;
    told.textContent = moment ?? "";
    told.hidden = !moment;
  };
  told.closest("form").addEventListener("change", show);
  show();
}
