// follows a run that goes on

const liveStatus = document.getElementById('live')
const giveUpMs = 30_000

/** @param {string} text @param {string} tone */
function say(text, tone) {
  if (liveStatus === null || liveStatus.textContent === text) return
  liveStatus.hidden = false
  liveStatus.textContent = text
  liveStatus.className = tone
}

/** @param {LiveState} state */
function show({ html, charts, title }) {
  const next = new DOMParser().parseFromString(html, 'text/html')
  const body = /** @type {HTMLElement} */ (document.getElementById('body'))
  const fresh = document.createElement('div')
  fresh.id = 'body'
  fresh.append(...next.body.childNodes)
  morph(body, fresh)
  document.title = title
  drawAll(charts)
}

/** @param {string} url */
function follow(url) {
  const events = new EventSource(url)
  let lostAt = 0
  let isOver = false
  events.addEventListener('open', () => {
    lostAt = 0
    say('Live: updated while the run goes on.', 'live')
  })
  events.addEventListener('state', ({ data }) => {
    show(/** @type {LiveState} */ (JSON.parse(data)))
  })
  events.addEventListener('over', ({ data }) => {
    isOver = true
    events.close()
    const { file } = /** @type {Ending} */ (JSON.parse(data))
    say(
      file === undefined
        ? 'The run is over. This page stays as it is.'
        : `The run is over. This page stays as it is, and is also in ${file}`,
      'over',
    )
  })
  events.addEventListener('error', () => {
    if (isOver) return
    lostAt ||= Date.now()
    if (Date.now() - lostAt < giveUpMs && events.readyState !== EventSource.CLOSED) {
      say('The connection to cloudbench is lost. Trying again …', 'lost')
      return
    }
    events.close()
    say('cloudbench does not answer any more. This page shows what it said last.', 'lost')
  })
}
