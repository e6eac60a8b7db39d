// light, dark, or as the system says

const themes = ['auto', 'light', 'dark']
const themeKey = 'cloudbench-theme'
const themeButton = /** @type {HTMLButtonElement} */ (document.getElementById('theme'))

/** @param {string} theme */
function useTheme(theme) {
  document.documentElement.dataset['theme'] = theme
  themeButton.textContent = `Theme: ${theme}`
  redrawAll()
}

/** A page from a file may not be allowed to remember anything. */
function rememberedTheme() {
  try {
    const theme = localStorage.getItem(themeKey) ?? ''
    return themes.includes(theme) ? theme : 'auto'
  } catch {
    return 'auto'
  }
}

themeButton.hidden = false
themeButton.addEventListener('click', () => {
  const now = document.documentElement.dataset['theme'] ?? 'auto'
  const next = themes[(themes.indexOf(now) + 1) % themes.length] ?? 'auto'
  try {
    localStorage.setItem(themeKey, next)
  } catch {
    // it lasts as long as the page
  }
  useTheme(next)
})
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redrawAll)
// paper is white
addEventListener('beforeprint', () => {
  document.documentElement.dataset['print'] = ''
  redrawAll()
})
addEventListener('afterprint', () => {
  delete document.documentElement.dataset['print']
  redrawAll()
})
