// First thing in <body>: the class by which GOV.UK Frontend shows the parts that need its scripts, before anything is drawn.
document.body.classList.add('js-enabled')
if ('noModule' in HTMLScriptElement.prototype) document.body.classList.add('govuk-frontend-supported')
