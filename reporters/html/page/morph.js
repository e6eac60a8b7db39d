// makes a part of the page like another one, and leaves alone what is the same: open details, selected text and the focus stay

/** @param {Element} old @param {Element} next */
function morph(old, next) {
  // what scripts have drawn is theirs
  if (old.hasAttribute('data-chart')) {
    old.setAttribute('aria-label', next.getAttribute('aria-label') ?? '')
    return
  }
  if (old.hasAttribute('data-legend')) return
  for (const { name, value } of next.attributes)
    if (old.getAttribute(name) !== value) old.setAttribute(name, value)
  for (const { name } of Array.from(old.attributes))
    // whether details are open is up to who reads them
    if (name !== 'open' && !next.hasAttribute(name)) old.removeAttribute(name)
  const nodes = [...next.childNodes]
  nodes.forEach((node, at) => {
    const own = old.childNodes[at]
    if (own === undefined) old.append(node)
    else if (
      own instanceof Element &&
      node instanceof Element &&
      own.tagName === node.tagName &&
      own.id === node.id
    )
      morph(own, node)
    else if (own.nodeType === node.nodeType && !(own instanceof Element)) {
      if (own.nodeValue !== node.nodeValue) own.nodeValue = node.nodeValue
    } else own.replaceWith(node)
  })
  while (old.childNodes.length > nodes.length) old.lastChild?.remove()
}
