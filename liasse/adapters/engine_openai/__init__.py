"""An outside engine behind the OpenAI-compatible interface for chat completions, a local one or a provider's."""

from liasse.adapters.engine_openai.engine import OpenAiEngine

__all__ = ["OpenAiEngine"]
