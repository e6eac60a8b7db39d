/** Longer names break file systems and tables. */
const longest = 200

/**
 * Why a text cannot be the name of something; undefined when it can. Names are shown, and become parts of file names:
 * they have no control characters, nothing that changes the direction of text, and no `..` between slashes.
 */
export function nameProblem(text: string): string | undefined {
  if (text.trim() === '') return 'is empty'
  if (text.length > longest) return `is longer than ${longest} characters`
  if (/[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u.test(text) || !text.isWellFormed())
    return 'contains characters that cannot be printed'
  if (/^[\\/]/.test(text) || text.split(/[\\/]/).some((part) => part === '..' || part === '.'))
    return 'is the path of another folder'
  return undefined
}

/** The id of a run, which is the name of its file: letters, digits and `. _ + -`. */
export const idPattern: RegExp = /^[A-Za-z0-9](?!.*\.\.)[\w.+-]{0,99}$/
