@echo off
rem The same as npm run stop-production; the services run inside WSL.
cd /d "%~dp0..\.."
node infra\production\production.mjs stop
