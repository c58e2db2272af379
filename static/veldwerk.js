// Small comforts for those who have JavaScript; every page works without it.

for (const text of document.querySelectorAll("[data-copy]")) {
  text.addEventListener("click", () => {
    const selection = window.getSelection();
    const range = document.createRange();
    range.selectNodeContents(text);
    selection.removeAllRanges();
    selection.addRange(range);
    navigator.clipboard?.writeText(text.textContent);
  });
}

for (const form of document.querySelectorAll("form.filter")) {
  form.addEventListener("change", () => form.requestSubmit());
}
