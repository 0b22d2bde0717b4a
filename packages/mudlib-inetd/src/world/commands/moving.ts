import { PICTURE } from '../map.ts'
import type { Player } from '../player.ts'
import { DIRECTIONS, type Direction } from '../room.ts'
import { listed } from '../text.ts'
import type { Command } from './command.ts'

function describeRoom(player: Player): void {
  const { room } = player
  player.tell(`{bold}${room.title}{/}`)
  player.tell(room.description)
  player.tell(`Exits: ${listed([...room.exits.keys()].map((direction) => `{cyan}${direction}{/}`))}.`)
  if (room.things.length > 0)
    player.tell(`Here you see ${listed(room.things.map(({ name }) => `{yellow}${name}{/}`))}.`)
  const others = [...room.players].filter((other) => other !== player).map(({ name }) => String(name))
  const present = [...others, ...room.inhabitants]
  if (present.length > 0) player.tell(`Also here: ${listed(present)}.`)
}

const look: Command = {
  name: 'look',
  aliases: ['l'],
  usage: 'look',
  summary: 'says where you are, and who and what is there',
  run: describeRoom,
}

const map: Command = {
  name: 'map',
  usage: 'map',
  summary: 'shows how the places lie',
  run: (player) => player.tell(PICTURE),
}

/** The whole word or a beginning of it: `n`, `nor`, `north`. */
function directionOf(word: string): Direction | undefined {
  return word === '' ? undefined : DIRECTIONS.find((direction) => direction.startsWith(word.toLowerCase()))
}

const go: Command = {
  name: 'go',
  aliases: [],
  usage: 'go north, or just n',
  summary: 'takes you through an exit',
  run(player, rest) {
    const direction = directionOf(rest)
    if (!direction) {
      player.tell(`Go where? The exits are ${listed([...player.room.exits.keys()])}.`)
      return
    }
    const target = player.room.exits.get(direction)
    if (!target) {
      player.tell(`There is no way ${direction}.`)
      player.reports?.noWay(direction)
      return
    }
    if (!player.energy.step()) {
      player.tell('You are too tired for another step. Rest for a moment.')
      return
    }
    player.room.tell(`${player.name} leaves ${direction}.`, player)
    player.moveTo(target)
    target.tell(`${player.name} arrives.`, player)
    describeRoom(player)
  },
}

/** Every direction is a command of its own, too. */
const shortcuts: readonly Command[] = DIRECTIONS.map((direction) => ({
  name: direction,
  aliases: [direction.charAt(0)],
  usage: direction,
  summary: '',
  run: (player) => go.run(player, direction),
}))

export const moving: readonly Command[] = [look, go, map, ...shortcuts]
