import {
  Button,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  Tabs,
  createAll,
} from 'govuk-frontend'
import { fetchAnswersWhenNeeded, fetchHtmxWhenNeeded, fetchUploadWhenNeeded } from './when-needed.js'
import { keepDrafts } from './draft.js'
import { sameFile } from './same-file.js'
import { sendOnce } from './send-once.js'
import { watchSession } from './session-ended.js'
import { smallThings } from './small-things.js'
import { suggest } from './suggest.js'
import { twoSteps } from './two-steps.js'

const components = [
  Button,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  Tabs,
]

function bringToLife(scope) {
  for (const component of components) createAll(component, undefined, scope)
  suggest(scope)
  keepDrafts(scope)
  smallThings(scope)
  sameFile(scope)
  twoSteps(scope)
  fetchUploadWhenNeeded(scope)
  fetchAnswersWhenNeeded(scope, bringToLife)
}

sendOnce()
watchSession()
bringToLife(document)
document.documentElement.dataset.alive = '' // supported.js looks for it
// A part that htmx has put into the page; the first `htmx:load` names the whole body, which already lives.
document.addEventListener('htmx:load', (event) => {
  if (event.target !== document.body) bringToLife(event.target)
})
fetchHtmxWhenNeeded()
