import type { Clock, Driver } from '@mudwire/core'
import type { Service } from '../service.ts'
import type { Accounts } from './accounts.ts'
import { Town } from './town.ts'

/** What a world may be given. */
export interface WorldOptions {
  /** Default: the environment's own time. */
  readonly clock?: Clock
  /** For what happens by chance: a number from 0 up to 1. Default `Math.random`. */
  readonly random?: () => number
  /** Default 200. */
  readonly mostPlayers?: number
  /** Who has registered a name, and with which password. Default: nobody, and no password is asked for. */
  readonly accounts?: Accounts
}

/** How much there is in a world. */
export interface WorldSize {
  readonly rooms: number
  readonly things: number
  /** Those who belong to nobody. */
  readonly inhabitants: number
}

/** A world that people play in. */
export interface World {
  /** The service that inetd hands connections to: it asks for a name and lets the player in. */
  readonly login: Service
  /** The names of those who are in it. */
  readonly names: readonly string[]
  readonly size: WorldSize
  /** Stops the world: everybody is told the text, and their connections close when they have heard it. */
  close(text: string): void
}

/** Makes the sample world, a small town; its players are owners of the driver. */
export function createWorld(driver: Driver, options: WorldOptions = {}): World {
  return new Town(driver, options)
}
