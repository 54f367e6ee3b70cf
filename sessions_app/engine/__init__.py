"""The browser engine: plain asyncio, configuration in, events out, no Django."""
