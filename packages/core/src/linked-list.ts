import type { Endpoint } from './endpoint.ts'

/** What can stand in one list at a time, and knows its neighbours there. */
interface Linked<Item extends Linked<Item>> {
  list: LinkedList<Item> | undefined
  previous: Item | undefined
  next: Item | undefined
}

/**
 * A list whose items are linked into each other, so that adding and removing cost the same however many there are: a
 * Set takes memory for each, and is several times slower when there are a hundred thousand.
 */
export class LinkedList<Item extends Linked<Item>> {
  first: Item | undefined
  size = 0

  /** Adds what is on no list. */
  add(item: Item): void {
    item.list = this
    item.next = this.first
    if (this.first) this.first.previous = item
    this.first = item
    this.size += 1
  }

  /** Removes what is on this list. */
  remove(item: Item): void {
    item.list = undefined
    if (item.previous) item.previous.next = item.next
    else this.first = item.next
    if (item.next) item.next.previous = item.previous
    item.previous = undefined
    item.next = undefined
    this.size -= 1
  }

  *[Symbol.iterator](): Generator<Item, void> {
    for (let item = this.first; item; item = item.next) yield item
  }
}

/** Endpoints that belong together. While there are any, the list itself is on the driver's list of lists. */
export class EndpointList extends LinkedList<Endpoint> implements Linked<EndpointList> {
  list: LinkedList<EndpointList> | undefined
  previous: EndpointList | undefined
  next: EndpointList | undefined
  readonly #lists: LinkedList<EndpointList>

  constructor(lists: LinkedList<EndpointList>) {
    super()
    this.#lists = lists
  }

  override add(endpoint: Endpoint): void {
    if (this.size === 0) this.#lists.add(this)
    super.add(endpoint)
  }

  override remove(endpoint: Endpoint): void {
    super.remove(endpoint)
    if (this.size === 0) this.#lists.remove(this)
  }
}
