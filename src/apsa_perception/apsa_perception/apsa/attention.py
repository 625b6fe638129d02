"""Attention within a fixed mask, with a learned strength for every kept pair."""

import math

import torch
from torch import Tensor, nn

MASKED = -1e4


class MaskedAttention(nn.Module):
    """Multi-head self-attention over tokens with a mask of allowed pairs.

    Scores are content (query and key) plus a learned bias per pair and head (unless switched off);
    pruned pairs have zero weight.
    """

    def __init__(self, width: int, heads: int, mask: Tensor, strength: bool = True) -> None:
        super().__init__()
        self.heads = heads
        self.project = nn.Linear(width, 3 * width, bias=False)
        self.output = nn.Linear(width, width)
        self.strength = nn.Parameter(torch.zeros(heads, *mask.shape), requires_grad=strength)
        self.register_buffer("pruned", torch.where(mask, 0.0, MASKED), persistent=False)
        self.pruned: Tensor

    def forward(self, tokens: Tensor) -> Tensor:
        """``(B, N, width)`` -> ``(B, N, width)``."""
        batch, count, width = tokens.shape
        split = self.project(tokens).view(batch, count, 3, self.heads, width // self.heads)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        scores = query @ key.transpose(-1, -2) / math.sqrt(width // self.heads)
        weights = (scores + (self.strength + self.pruned)).softmax(-1)
        mixed = (weights @ value).transpose(1, 2).reshape(batch, count, width)
        out: Tensor = self.output(mixed)
        return out


class Block(nn.Module):
    """Pre-norm attention and a small feed-forward layer, both residual."""

    def __init__(
        self, width: int, heads: int, mask: Tensor, dropout: float, strength: bool = True
    ) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.attention = MaskedAttention(width, heads, mask, strength)
        self.forward_norm = nn.LayerNorm(width)
        self.feed = nn.Sequential(
            nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width)
        )
        self.dropout = nn.Dropout(dropout)

    def forward(self, tokens: Tensor) -> Tensor:
        tokens = tokens + self.dropout(self.attention(self.norm(tokens)))
        out: Tensor = tokens + self.dropout(self.feed(self.forward_norm(tokens)))
        return out
