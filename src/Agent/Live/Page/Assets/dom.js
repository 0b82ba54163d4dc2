// Elements, made without any markup: names are anybody's, and are only ever text here.

const SVG = 'http://www.w3.org/2000/svg';

export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

// A name and its kind: of the two the name gives way.
export function who(name, kind) {
  return el('span', { class: 'who' }, name, kind);
}

// Writes only what differs: a browser lays out again what is written.
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function setAttributes(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined) node.removeAttribute(name);
    else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
  }
}

function fill(node, attributes, children) {
  setAttributes(node, attributes);
  node.append(...children.filter(each => each !== null && each !== undefined));
  return node;
}
