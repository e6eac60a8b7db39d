import { redactText, urlsIn } from './secret-text.ts'
import { decoded, mask, secretsOf } from './secret-url.ts'

/** Knows every secret of a run and keeps it out of everything that leaves the process. */
export interface Redactor {
  /** Looks for it from now on, in every spelling, unless it is too short or too common a word for that. */
  remember(secret: string): void
  /** Remembers what a server is sent to log in as a user. */
  rememberLogin(user: string, password: string): void
  /** Remembers the passwords and tokens in every url of a text. */
  rememberUrls(text: string): void
  /** Does not look for this word: it is in plain sight in the configuration. A secret that is the same is hidden by its place. */
  spare(word: string): void
  redact(text: string): string
}

export function createRedactor(): Redactor {
  const secrets = new Set<string>()
  const words = new Set<string>()
  /** Forms of whole files, such as the body of a request: an expression cannot hold them. */
  const long: string[] = []
  let pattern: RegExp | undefined
  const remember = (secret: string): void => {
    if (secret === '' || secret === mask || secrets.has(secret) || long.includes(secret)) return
    if (secret.length > longestInPattern) long.push(...new Set(formsOf(secret)))
    else secrets.add(secret)
    pattern = undefined
  }
  const rememberLogin = (user: string, password: string): void => {
    if (password === '') return
    for (const text of [`${user}:${password}`, `\0${user}\0${password}`])
      for (const bytes of [Buffer.from(text), Buffer.from(text, 'latin1')])
        for (const encoding of ['base64', 'base64url'] as const)
          remember(bytes.toString(encoding).replace(/=+$/, ''))
  }
  return {
    remember,
    rememberLogin,
    rememberUrls(text) {
      for (const url of urlsIn(text)) {
        const { values, logins } = secretsOf(url)
        for (const value of values.flatMap(spellingsOf)) remember(value)
        for (const [user = '', ...password] of logins.map((login) => login.split(':'))) {
          rememberLogin(user, password.join(':'))
          rememberLogin(decoded(user), decoded(password.join(':')))
        }
      }
    },
    spare(word) {
      words.add(word)
      pattern = undefined
    },
    redact(text) {
      pattern ??= patternOf(secrets, words)
      const withoutLong = long.reduce((rest, form) => rest.replaceAll(form, mask), text)
      // known secrets first: a password with a quote or a space in it would end a url too early
      return redactText(withoutLong.replaceAll(pattern, mask))
    },
  }
}

/** As written, as a server reads it, and as it reads it in a query. */
function spellingsOf(written: string): readonly string[] {
  return [written, decoded(written), decoded(written.replaceAll('+', ' '))]
}

/** Matches every form of every secret; nothing when there is none. */
function patternOf(secrets: ReadonlySet<string>, words: ReadonlySet<string>): RegExp {
  const forms = new Map<string, string>()
  for (const secret of secrets)
    for (const form of formsOf(secret)) forms.set(form, expressionOf(form, words.has(secret)))
  // the longest first: one secret may be part of another
  const longestFirst = [...forms.keys()].toSorted((a, b) => b.length - a.length)
  return new RegExp(longestFirst.map((form) => forms.get(form)).join('|') || '(?!)', 'g')
}

/** Keys are shorter, and tokens much shorter. */
const longestInPattern = 16_384

/** A secret as it is, in a URL, in JSON, in base64, and line by line. */
function* formsOf(secret: string): Generator<string> {
  yield secret
  const json = JSON.stringify(secret).slice(1, -1)
  yield json
  yield JSON.stringify(json).slice(1, -1)
  const wellFormed = secret.toWellFormed()
  const encoded = encodeURIComponent(wellFormed)
  for (const form of [encoded, encodeURI(wellFormed), inUserinfo(wellFormed), strictly(encoded)]) {
    yield form
    yield form.replaceAll(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase())
  }
  yield encoded.replaceAll('%20', '+')
  yield new URLSearchParams([['', secret]]).toString().slice(1)
  if (!isWeak(secret)) yield Buffer.from(secret).toString('base64').replace(/=+$/, '')
  // a key may be printed line by line; the lines of a long text may be anything
  if (secret.includes('\n') && secret.length <= longestInPattern)
    for (const line of secret.split(/\r?\n/)) if (line.length >= 16) yield line
}

/** As RFC 3986 has it: `encodeURIComponent` leaves five signs alone that others encode. */
function strictly(encoded: string): string {
  return encoded.replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** As the URL class writes it. */
function inUserinfo(password: string): string {
  return Object.assign(new URL('http://h'), { password }).password
}

/**
 * Replacing a short secret, a number or a word of the configuration everywhere would blot out half of every report: it is
 * replaced in the userinfo of a URL, and `redactText` hides it at the places where secrets are.
 */
function expressionOf(form: string, isWord: boolean): string {
  const literal = form.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)
  return isWord || isWeak(form) ? `(?<=:)${literal}(?=@)` : literal
}

function isWeak(form: string): boolean {
  return (
    form.length < 4 ||
    (/^[\d.]+$/.test(form) && form.length < 8) ||
    /^(true|false|null|none|auto)$/i.test(form)
  )
}
