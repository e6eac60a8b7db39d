// begins

useTheme(rememberedTheme())
drawAll(
  /** @type {Record<string, Chart>} */ (JSON.parse(document.getElementById('data')?.textContent ?? '{}')),
)
let resizing = 0
addEventListener('resize', () => {
  cancelAnimationFrame(resizing)
  resizing = requestAnimationFrame(redrawAll)
})
const eventsUrl = document.body.dataset['events']
if (eventsUrl !== undefined) follow(eventsUrl)
