"""The weekly report: choose what a student is told, freeze it, render it, send it once, and stop on request.

```
lake version --collect--> facts --choose--> payload --freeze--> outbox (Postgres)
outbox --flags, claim--> letter (view, render, mime) --ONE attempt--> file | smtp | ses --record--> outbox
web.py: unsubscribe, and the mail in a browser
```

Measuring does not belong here: every number was computed by a mart.
"""
