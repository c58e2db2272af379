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

// A filter shows what it leaves at once, in place, so that the focus stays where it is.
for (const form of document.querySelectorAll("form.filter")) {
  let asked = 0;
  form.addEventListener("change", async () => {
    const mine = ++asked;
    const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
    const answer = await fetch(address).catch(() => null);
    if (!answer?.ok) return form.submit();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("form.filter");
    if (mine !== asked || !fresh) return;
    while (form.nextSibling) form.nextSibling.remove();
    while (fresh.nextSibling) form.parentNode.append(fresh.nextSibling);
    document.querySelector(".language").href = page.querySelector(".language").getAttribute("href");
    history.replaceState(null, "", address);
  });
}
