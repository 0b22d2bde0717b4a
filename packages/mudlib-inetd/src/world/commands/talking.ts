import { escapeMarkup, neutral } from '@mudwire/text'
import type { Player } from '../player.ts'
import { showAll } from '../screen.ts'
import type { Command } from './command.ts'

const say: Command = {
  name: 'say',
  aliases: ["'"],
  usage: "say hello, or 'hello",
  summary: 'speaks to everybody in the room',
  run(player, rest) {
    if (rest === '') {
      player.tell('Say what?')
      return
    }
    player.tell(`You say: {green}${escapeMarkup(rest)}{/}`)
    player.room.tell(`${player.name} says: {green}${escapeMarkup(rest)}{/}`, player)
    for (const { reports } of player.room.players) reports?.heard('say', player.name, rest)
  },
}

const emote: Command = {
  name: 'emote',
  aliases: [':'],
  usage: 'emote waves, or :waves',
  summary: 'shows everybody in the room what you do',
  run(player, rest) {
    if (rest === '') player.tell('Emote what?')
    else player.room.tell(`${player.name} ${escapeMarkup(rest)}`)
  },
}

const tell: Command = {
  name: 'tell',
  usage: 'tell ada hello',
  summary: 'speaks to one person, wherever they are',
  run(player, rest) {
    const [, name = '', text = ''] = /^(\S+)\s*(.*)$/u.exec(rest) ?? []
    const other = player.town.find(name)
    if (name === '') player.tell('Tell whom what?')
    else if (!other) player.tell('There is nobody of that name here.')
    else if (text === '') player.tell(`Tell ${other.name} what?`)
    else if (other === player) player.tell('You talk to yourself for a while.')
    else {
      player.tell(`You tell ${other.name}: {magenta}${escapeMarkup(text)}{/}`)
      other.tell(`${player.name} tells you: {magenta}${escapeMarkup(text)}{/}`)
      for (const { reports } of [player, other]) reports?.heard('tell', player.name, text)
    }
  },
}

const chat: Command = {
  name: 'chat',
  usage: 'chat hello',
  summary: 'speaks to everybody in the world',
  run(player, rest) {
    if (rest === '') {
      player.tell('Chat what?')
      return
    }
    const { players } = player.town
    showAll(
      players.flatMap(({ screen }) => screen ?? []),
      `[chat] ${player.name}: {cyan}${escapeMarkup(rest)}{/}`,
    )
    for (const { reports } of players) reports?.heard('chat', player.name, rest)
  },
}

/** Who somebody is, and what their client has said of itself. */
function described(person: Player, isYou: boolean): string {
  const { client, version, type, compression } = person.screen?.terminal ?? {}
  const program = [client ?? type, version].filter((word) => word !== undefined).join(' ')
  const sent = compression?.sent === true
  const received = compression?.received === true
  const compressed = sent && received ? 'compressed both ways' : sent ? 'compressed' : undefined
  const facts = [escapeMarkup(neutral(program, 60)), compressed].filter(Boolean).join(', ')
  return `${person.name}${isYou ? ' (you)' : ''}${facts === '' ? '' : `: ${facts}`}`
}

const who: Command = {
  name: 'who',
  usage: 'who',
  summary: 'says who is in the world, and with which client',
  run(player) {
    const people = [...player.town.players].sort((one, other) => one.name.localeCompare(other.name))
    player.tell(people.length === 1 ? 'You are alone in the world.' : `${people.length} people are here:`)
    for (const person of people) player.tell(described(person, person === player))
  },
}

export const talking: readonly Command[] = [say, emote, tell, chat, who]
