// The desk's filters: from the form into the address, without loading the page.

/** Bind the form; `onChange(query)` with the new address' query. Returns { query(), go(query) }. */
export function bindDeskFilters(form, onChange) {
  const toggle = document.getElementById("toggle-filters");
  const more = document.getElementById("more-filters");
  toggle.addEventListener("click", () => {
    more.hidden = !more.hidden;
    toggle.setAttribute("aria-expanded", String(!more.hidden));
  });
  const go = (query, { remember = true } = {}) => {
    const text = query.toString();
    if (remember) history.pushState({}, "", `${location.pathname}${text ? `?${text}` : ""}`);
    fill(form, query);
    document.getElementById("view-query").value = text;
    onChange(text);
  };
  const typed = () => {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value) query.set(name, value);
    return query;
  };
  form.addEventListener("change", () => go(typed()));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go(typed());
  });
  addEventListener("popstate", () => go(new URLSearchParams(location.search), { remember: false }));
  document.addEventListener("click", (event) => {
    const link = event.target.closest("#desk-tabs a, #clear-desk-filters, .view-list a");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go(new URL(link.href).searchParams);
  });
  return { query: () => new URLSearchParams(location.search).toString(), go };
}

function fill(form, query) {
  for (const field of form.elements) if (field.name) field.value = query.get(field.name) ?? "";
}
