// Builds elements from text alone: nothing that a person or the law says is ever read as markup.

const SVG = "http://www.w3.org/2000/svg";

/** An element with properties and children; strings become text nodes, empty children are left out. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name in made && typeof value !== "string") made[name] = value;
    else made.setAttribute(name === "className" ? "class" : name, value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

/** A decorative drawing on a 24 by 24 grid, hidden from assistive technology: words stand beside it. */
export function drawing(path) {
  const svg = document.createElementNS(SVG, "svg");
  const line = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

export const byId = (id) => document.getElementById(id);

/** Whether the page stands in a frame of another page. */
export const framed = window.self !== window.top;

/** A link into the law: within a frame it opens beside it, for the law's pages are not framed. */
export const lawLink = (provision, ...words) =>
  element("a", { href: lawAddress(provision), target: framed ? "_blank" : null, rel: framed ? "noopener" : null }, ...words);

export const lawAddress = (provision) => `/law/provision/${encodeURIComponent(provision)}`;
