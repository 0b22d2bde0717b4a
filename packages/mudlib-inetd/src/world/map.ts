import { type Direction, Room } from './room.ts'

interface Place {
  readonly title: string
  readonly description: string
  readonly things?: readonly string[]
  readonly exits: Readonly<Partial<Record<Direction, string>>>
}

/** A small town by a river. The first place is where everybody arrives. */
const PLACES: Readonly<Record<string, Place>> = {
  square: {
    title: 'Market square',
    description:
      'Stalls stand around a dry fountain, and news travels faster here than anybody can walk. A lane leads north, a bridge begins in the east, and in the west a door stands open.',
    things: ['an apple', 'a paper boat'],
    exits: { north: 'lane', east: 'bridge', west: 'reading' },
  },
  lane: {
    title: "Lamplighters' lane",
    description:
      'Lamps hang from every house, lit by day and night alike. The square is south; stairs lead up to a roof.',
    things: ['a brass lantern'],
    exits: { south: 'square', up: 'roof' },
  },
  roof: {
    title: 'A flat roof',
    description: 'From here the whole town can be seen, and the river beyond it. The stairs go down.',
    things: ['a spyglass'],
    exits: { down: 'lane' },
  },
  bridge: {
    title: 'Old bridge',
    description:
      'The river is brown and slow, and somebody has carved names into the railing. The square is west, a garden east.',
    exits: { west: 'square', east: 'garden' },
  },
  garden: {
    title: 'Walled garden',
    description: 'Bees work in the herbs along the wall. The only gate is west.',
    things: ['a watering can'],
    exits: { west: 'bridge' },
  },
  reading: {
    title: 'Reading room',
    description: 'Long tables, green lamps, and a rule of silence that nobody keeps. The square is east.',
    things: ['a worn map'],
    exits: { east: 'square' },
  },
}

/** The same as a picture, and in words for those who hear it. */
export const PICTURE = `{ornament:The market square is in the middle. The lane is north of it, with a roof above; the reading room west; the old bridge east, and behind it the garden.}
                     Roof
                      │ up
                     Lane
                      │
  Reading room ──── Square ──── Bridge ──── Garden
{/}`

/** Builds the town anew; the first room is where everybody arrives. */
export function buildTown(): readonly [Room, ...Room[]] {
  const rooms = new Map(
    Object.entries(PLACES).map(([key, place], index) => [
      key,
      new Room(index + 1, place.title, place.description, place.things ?? []),
    ]),
  )
  for (const [key, { exits }] of Object.entries(PLACES)) {
    for (const [direction, target] of Object.entries(exits)) {
      const [from, to] = [rooms.get(key), rooms.get(target)]
      if (!from || !to)
        throw new Error(`The exit ${direction} of '${key}' leads to '${target}', which is no place.`)
      from.exits.set(direction as Direction, to)
    }
  }
  const [first, ...others] = rooms.values()
  if (!first) throw new Error('A town has at least one place.')
  return [first, ...others]
}
