import { ButtonMenu } from '@ministryofjustice/frontend'
import { createAll } from 'govuk-frontend'
import './htmx.js'
import './citizen.js'
import './scan.js'
import { keys } from './keys.js'
import { lockWhenIdle } from './idle-lock.js'
import { rows } from './rows.js'
import { bulk } from './bulk.js'
import { tray } from './tray.js'
import { customerWindow } from './customer-window.js'

function bringStaffPartsToLife(scope) {
  createAll(ButtonMenu, undefined, scope)
  rows(scope)
  bulk(scope)
  tray(scope)
}

bringStaffPartsToLife(document)
document.addEventListener('htmx:load', (event) => {
  if (event.target !== document.body) bringStaffPartsToLife(event.target)
})
keys()
lockWhenIdle()
customerWindow()

