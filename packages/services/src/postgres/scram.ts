import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto'

/** The client's side of SCRAM-SHA-256 (RFC 5802, 7677), without channel binding. */
export interface Scram {
  /** Sent first. */
  readonly first: string
  /** The answer to the server's first message; `undefined` when that is not one. */
  answer(challenge: string): string | undefined
  /** Whether the server's last message proves that it knows the password too. */
  accepts(proof: string): boolean
}

/** More would keep this process busy for a server that only wants to waste time. */
const mostIterations = 100_000

export function scram(password: string, nonce = randomBytes(18).toString('base64')): Scram {
  // PostgreSQL takes the name from the startup message
  const bare = `n=,r=${nonce}`
  let signature: Buffer | undefined
  return {
    first: `n,,${bare}`,
    answer(challenge) {
      const [, joined = '', salt = '', count] = /^r=([^,]+),s=([^,]+),i=(\d+)$/.exec(challenge) ?? []
      const iterations = Number(count)
      if (!joined.startsWith(nonce) || !(iterations >= 1 && iterations <= mostIterations)) return undefined
      const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), iterations, 32, 'sha256')
      const clientKey = hmac(salted, 'Client Key')
      const unproven = `c=biws,r=${joined}`
      const message = `${bare},${challenge},${unproven}`
      const clientSignature = hmac(createHash('sha256').update(clientKey).digest(), message)
      const proof = clientKey.map((byte, at) => byte ^ clientSignature[at]!)
      signature = hmac(hmac(salted, 'Server Key'), message)
      return `${unproven},p=${Buffer.from(proof).toString('base64')}`
    },
    accepts(proof) {
      const given = Buffer.from(/^v=([^,]+)/.exec(proof)?.[1] ?? '', 'base64')
      return signature?.length === given.length && timingSafeEqual(signature, given)
    },
  }
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
