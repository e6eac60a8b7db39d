// colours of the page, for what is drawn on a canvas

const probe = document.createElement('span')
probe.hidden = true
document.body.append(probe)

/** A colour of the style sheet in the scheme that is on. @param {string} name */
function colorOf(name) {
  probe.style.color = `var(--${name})`
  return getComputedStyle(probe).color
}

/** @param {number} color */
const lineColor = (color) => colorOf(`line-${color % 8}`)

/** The same colour, so much of it. @param {string} rgb @param {number} share */
function faded(rgb, share) {
  const parts = rgb.match(/[\d.]+/g) ?? ['0', '0', '0']
  return `rgba(${parts.slice(0, 3).join(',')},${share})`
}
