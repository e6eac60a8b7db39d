const mask = '***'

/** Knows every secret of a run and keeps it out of everything that leaves the process. */
export interface Redactor {
  remember(secret: string): void
  /** Remembers the passwords in every URL of a text. */
  rememberUrls(text: string): void
  redact(text: string): string
}

/**
 * `scheme://user:password@`, up to the last `@` before the path. A password that is itself a reference such as
 * `${env:PASSWORD}` is not one.
 */
const urlPassword =
  /(\b[a-z][a-z0-9+.-]*:\/\/[^\s/?#:@"']*:)((?:\$\{[^}\n]{0,200}\}|\$(?!\{)|[^\s/?#"'$])*)(?=@)/gi
/** The same where the whole text is one URL, so that quotes need not end it. */
const wholeUrl = /^([a-z][a-z0-9+.-]*:\/\/[^\s/?#:@]*:)([^\s/?#]*)(?=@)/gi
const queryPassword = /([?&](?:[\w-]*(?:password|passwd|secret|token|api_?key))=)([^&#\s"']+)/gi

/** Keys whose values are secret wherever they occur. */
const secretKey =
  /(password|passwd|passphrase|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|authorization|credentials?)$/i

export function isSecretKey(key: string): boolean {
  return secretKey.test(key)
}

/** Replaces the passwords in URLs, wherever they come from. References stay. */
export function redactUrls(text: string): string {
  return text.replaceAll(wholeUrl, hide).replaceAll(urlPassword, hide).replaceAll(queryPassword, hide)
}

export function createRedactor(): Redactor {
  const secrets = new Set<string>()
  let pattern: RegExp | undefined
  const remember = (secret: string) => {
    if (secret === '' || secret === mask || secrets.has(secret)) return
    secrets.add(secret)
    pattern = undefined
  }
  return {
    remember,
    rememberUrls(text) {
      for (const expression of [wholeUrl, urlPassword, queryPassword])
        for (const [, , password = ''] of text.matchAll(expression))
          if (password !== '' && !isReference(password)) {
            remember(password)
            remember(decoded(password))
          }
    },
    redact(text) {
      pattern ??= patternOf(secrets)
      // known secrets first: a password with a quote or a space in it would end a URL too early
      return redactUrls(pattern === undefined ? text : text.replaceAll(pattern, mask))
    },
  }
}

function hide(written: string, before: string, password: string): string {
  return password === '' || password === mask || isReference(password) ? written : before + mask
}

function isReference(text: string): boolean {
  return /^(\$\{[^}]*\})+$/.test(text)
}

function patternOf(secrets: ReadonlySet<string>): RegExp | undefined {
  const forms = new Map<string, string>()
  for (const secret of secrets) for (const form of formsOf(secret)) forms.set(form, expressionOf(form))
  // the longest first: one secret may be part of another
  const longestFirst = [...forms.keys()].toSorted((a, b) => b.length - a.length)
  return longestFirst.length === 0
    ? undefined
    : new RegExp(longestFirst.map((form) => forms.get(form)).join('|'), 'g')
}

/** A secret as it is, in a URL, in JSON, and line by line. */
function* formsOf(secret: string): Generator<string> {
  yield secret
  const json = JSON.stringify(secret).slice(1, -1)
  yield json
  yield JSON.stringify(json).slice(1, -1)
  const encoded = encodeURIComponent(secret.toWellFormed())
  yield encoded
  yield encoded.replaceAll('%20', '+')
  yield encoded.replaceAll(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase())
  yield encodeURI(secret.toWellFormed())
  // as the URL class encodes it in the userinfo of a URL
  yield encoded.replaceAll('*', '%2A').replaceAll("'", '%27')
  if (secret.includes('\n')) for (const line of secret.split(/\r?\n/)) if (line.length >= 16) yield line
}

/**
 * Replacing a short secret, or one that is a number, everywhere would blot out half of every report: it is only replaced
 * where a value would be: between quotes, after `=`, or in the userinfo of a URL.
 */
function expressionOf(form: string): string {
  const literal = form.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)
  const weak =
    form.length < 4 ||
    (/^[\d.]+$/.test(form) && form.length < 8) ||
    /^(true|false|null|none|auto)$/i.test(form)
  return weak ? `(?<=["'=])${literal}(?=["'&\\s]|$)|(?<=:)${literal}(?=@)|^${literal}$` : literal
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
