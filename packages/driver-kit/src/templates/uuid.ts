import type { Call } from '@cloudbench/core'

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** A version 4 UUID from four draws, so that the same seed and arrival give the same one. */
export function uuidV4(call: Call): string {
  const a = bits(call)
  const b = bits(call)
  const c = bits(call)
  const d = bits(call)
  return `${half(a >>> 16)}${half(a)}-${half(b >>> 16)}-${half((b & 0x0fff) | 0x4000)}-${half(
    ((c >>> 16) & 0x3fff) | 0x8000,
  )}-${half(c)}${half(d >>> 16)}${half(d)}`
}

function bits(call: Call): number {
  return (call.random() * 4_294_967_296) >>> 0
}

function half(value: number): string {
  return hex[(value >>> 8) & 0xff]! + hex[value & 0xff]!
}
