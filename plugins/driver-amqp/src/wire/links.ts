import { malformed } from './malformed.ts'
import { largestHandle, type LinkRequest } from './performatives.ts'
import type { Inlet } from './receiving.ts'

/** One end of a link. */
export interface Link {
  readonly request: LinkRequest
  /** Resolves when the peer has attached the link to the node. */
  readonly attached: PromiseWithResolvers<void>
  /** Resolves when the peer has detached it, after this side has. */
  readonly detached: PromiseWithResolvers<void>
  isClosing: boolean
  /** Where messages arrive; undefined on a link that sends, and on one that only shows that the node is there. */
  readonly inlet: Inlet | undefined
}

/** The links of a session, by the handles that the peer has given them. */
export class Links {
  readonly #byHandle: (Link | undefined)[] = []
  readonly #requested = new Map<string, Link>()

  add(request: LinkRequest, inlet?: Inlet): Link {
    const link: Link = {
      request,
      attached: Promise.withResolvers(),
      detached: Promise.withResolvers(),
      isClosing: false,
      inlet,
    }
    this.#requested.set(request.name, link)
    return link
  }

  /** The peer has answered an attach. */
  attached(name: string | undefined, handle: number, isReceiver: boolean): Link {
    const link = this.#requested.get(name ?? '')
    if (link === undefined || link.request.isReceiver === isReceiver)
      throw malformed('an attach of a link that was not asked for')
    if (handle > largestHandle || this.#byHandle[handle] !== undefined)
      throw malformed(`an attach with the handle ${handle}, which is taken or above ${largestHandle}`)
    this.#requested.delete(name!)
    this.#byHandle[handle] = link
    return link
  }

  /** @throws Error for a handle that no link has. */
  at(handle: number): Link {
    const link = this.#byHandle[handle]
    if (link === undefined) throw malformed(`a frame for the handle ${handle}, which no link has`)
    return link
  }

  remove(handle: number): void {
    this.#byHandle[handle] = undefined
  }
}
