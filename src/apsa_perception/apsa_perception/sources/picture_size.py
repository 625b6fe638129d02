"""Size of the pictures in an encoded stream, as its headers state it, without decoding."""

import re
import struct
from itertools import chain

from apsa_perception.imaging.compressed_header import compressed_size

_VP8_START = b"\x9d\x01\x2a"
_VP8_SIZE_BITS = 0x3FFF
_VP9_SYNC = 0x498342
_H264_SEQUENCE = re.compile(rb"\x00\x00\x01[\x07\x27\x47\x67](.{4,64})", re.DOTALL)
_H265_SEQUENCE = re.compile(rb"\x00\x00\x01[\x42\x43].(.{16,400})", re.DOTALL)
_H265_PARAMETERS = (32, 33, 34)
"""Units of HEVC: parameters of the video, which come first, of the sequence and of the picture."""
_START_CODE = re.compile(rb"\x00\x00\x00?\x01")
_MPEG_SEQUENCE = re.compile(rb"\x00\x00\x01\xb3(.{3})", re.DOTALL)
_MPEG4_LAYER = re.compile(rb"\x00\x00\x01[\x20-\x2f](.{8,32})", re.DOTALL)
_H264_WITH_CHROMA = {100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135}
"""Profiles whose sequence parameter set begins with chroma format, depth and scaling lists."""


def vp8_size(packet: bytes) -> tuple[int, int] | None:
    """Size in a key frame (RFC 6386, 9.1); None for other frames."""
    if len(packet) < 10 or packet[0] & 1 or packet[3:6] != _VP8_START:
        return None
    width, height = struct.unpack_from("<HH", packet, 6)
    return width & _VP8_SIZE_BITS, height & _VP8_SIZE_BITS


def vp9_size(packet: bytes) -> tuple[int, int] | None:
    """Size in a key frame (VP9 bitstream specification, 6.2); None for other frames."""
    bits = _Bits(packet[:16])
    if len(packet) < 16 or bits.read(2) != 2:
        return None
    profile = bits.read(1) + 2 * bits.read(1)
    if profile == 3:
        bits.read(1)
    shows_known, is_inter = bits.read(1), bits.read(1)
    bits.read(2)  # show_frame, error_resilient_mode
    if shows_known or is_inter or bits.read(24) != _VP9_SYNC:
        return None
    if profile >= 2:
        bits.read(1)  # bit depth
    is_rgb = bits.read(3) == 7
    if not is_rgb:
        bits.read(1)  # colour range
    if profile in (1, 3):
        bits.read(1 if is_rgb else 3)  # subsampling
    return bits.read(16) + 1, bits.read(16) + 1


def h264_size(packet: bytes) -> tuple[int, int] | None:
    """Size in a sequence parameter set (ITU-T H.264, 7.3.2.1.1); None without one.

    Args:
        packet: units with start codes (Annex B), as OpenCV gives the packets of any container.
    """
    found = _H264_SEQUENCE.search(packet)
    if found is None:
        return None
    bits = _Bits(found[1].replace(b"\x00\x00\x03", b"\x00\x00"))
    profile = bits.read(8)
    bits.read(16)  # constraints, level
    bits.exponential()  # seq_parameter_set_id
    chroma = 1
    if profile in _H264_WITH_CHROMA:
        chroma = bits.exponential()
        if chroma == 3:
            bits.read(1)  # separate_colour_plane_flag
        bits.exponential()  # depth of luma
        bits.exponential()  # depth of chroma
        bits.read(1)  # qpprime_y_zero_transform_bypass_flag
        if bits.read(1):
            _skip_scaling_lists(bits, 12 if chroma == 3 else 8)
    bits.exponential()  # log2_max_frame_num_minus4
    _skip_picture_order(bits)
    bits.exponential()  # max_num_ref_frames
    bits.read(1)  # gaps_in_frame_num_value_allowed_flag
    width, height = 16 * (bits.exponential() + 1), 16 * (bits.exponential() + 1)
    frames_only = bits.read(1)
    if not frames_only:
        height *= 2
        bits.read(1)  # mb_adaptive_frame_field_flag
    bits.read(1)  # direct_8x8_inference_flag
    if bits.read(1):
        left, right, top, bottom = (bits.exponential() for _ in range(4))
        width -= (left + right) * (2 if chroma in (1, 2) else 1)
        height -= (top + bottom) * (2 if chroma == 1 else 1) * (2 - frames_only)
    return (width, height) if width > 0 and height > 0 else None


def h265_size(packet: bytes) -> tuple[int, int] | None:
    """Size in a sequence parameter set (ITU-T H.265, 7.3.2.2.1); None without one.

    Args:
        packet: units with start codes (Annex B), as OpenCV gives the packets of any container.
    """
    found = _H265_SEQUENCE.search(packet)
    if found is None:
        return None
    bits = _Bits(found[1].replace(b"\x00\x00\x03", b"\x00\x00"))
    bits.read(4)  # sps_video_parameter_set_id
    layers = bits.read(3)  # sps_max_sub_layers_minus1
    bits.read(1 + 88 + 8)  # nesting, general profile, general level
    stated = [(bits.read(1), bits.read(1)) for _ in range(8 if layers else 0)][:layers]
    for profile, level in stated:
        bits.read(88 * profile + 8 * level)
    bits.exponential()  # sps_seq_parameter_set_id
    chroma = bits.exponential()
    if chroma == 3:
        bits.read(1)  # separate_colour_plane_flag
    width, height = bits.exponential(), bits.exponential()
    if bits.read(1):
        left, right, top, bottom = (bits.exponential() for _ in range(4))
        width -= (left + right) * (2 if chroma in (1, 2) else 1)
        height -= (top + bottom) * (2 if chroma == 1 else 1)
    return (width, height) if width > 0 and height > 0 else None


def with_own_parameters(packet: bytes, configuration: bytes) -> bytes:
    """A packet of HEVC without the parameter sets of the file, if it has some of its own.

    OpenCV inserts those of the file, after its own or before them, depending on the version.

    Args:
        packet: units with start codes.
        configuration: what the file states beside its packets.
    """
    sets: list[list[bytes]] = []
    others: list[bytes] = []
    for unit in filter(None, _START_CODE.split(packet)):
        kind = unit[0] >> 1 & 63
        if kind == _H265_PARAMETERS[0]:
            sets.append([])
        (sets[-1] if kind in _H265_PARAMETERS and sets else others).append(unit)
    own = [each for each in sets if not all(unit in configuration for unit in each)]
    if not own:
        return packet
    return b"".join(b"\x00\x00\x00\x01" + unit for unit in [*chain(*own), *others])


def mjpeg_size(packet: bytes) -> tuple[int, int] | None:
    """Size in the frame header of a JPEG picture; None without one."""
    try:
        width, height = compressed_size(packet)
    except ValueError:
        return None
    return (width, height) if width and height else None


def mpeg_size(packet: bytes) -> tuple[int, int] | None:
    """Size in a sequence header of MPEG-1 or MPEG-2 (ISO 13818-2, 6.2.2.1); None without one."""
    found = _MPEG_SEQUENCE.search(packet)
    if found is None:
        return None
    bits = _Bits(found[1])
    width, height = bits.read(12), bits.read(12)
    return (width, height) if width and height else None


def mpeg4_size(packet: bytes) -> tuple[int, int] | None:
    """Size in a video object layer of MPEG-4 (ISO 14496-2, 6.2.3); None without a rectangular one.

    Parts that precede the size are skipped: version, aspect ratio, buffer, time resolution.
    """
    found = _MPEG4_LAYER.search(packet)
    if found is None:
        return None
    bits = _Bits(found[1])
    bits.read(9)
    if bits.read(1):
        bits.read(7)
    if bits.read(4) == 15:
        bits.read(16)
    if bits.read(1):
        bits.read(3)
        if bits.read(1):
            bits.read(79)
    if bits.read(2):
        return None
    bits.read(1)
    resolution = bits.read(16)
    bits.read(1)
    if bits.read(1):
        bits.read(max(1, (resolution - 1).bit_length()))
    bits.read(1)
    width = bits.read(13)
    bits.read(1)
    height = bits.read(13)
    return (width, height) if width and height else None


def _skip_picture_order(bits: "_Bits") -> None:
    kind = bits.exponential()
    if kind == 0:
        bits.exponential()
    elif kind == 1:
        bits.read(1)
        bits.exponential()
        bits.exponential()
        for _ in range(min(bits.exponential(), 255)):
            bits.exponential()


def _skip_scaling_lists(bits: "_Bits", count: int) -> None:
    for index in range(count):
        if not bits.read(1):
            continue
        last = following = 8
        for _ in range(16 if index < 6 else 64):
            if following:
                following = (last + bits.signed_exponential()) % 256
            last = following or last


class _Bits:
    """Reads bits, the most significant one first; zeros after the end."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data, "big")
        self._left = 8 * len(data)

    def read(self, count: int) -> int:
        """Return the next bits as a number."""
        self._left -= count
        return (self._value >> max(0, self._left)) & ((1 << count) - 1) if self._left >= 0 else 0

    def exponential(self) -> int:
        """Return the next number in exponential-Golomb code; 0 where it is damaged."""
        zeros = 0
        while self._left > 0 and not self.read(1):
            zeros += 1
        return (1 << zeros) - 1 + self.read(zeros) if zeros < 32 else 0

    def signed_exponential(self) -> int:
        """Return the next signed number in exponential-Golomb code."""
        code = self.exponential()
        return (code + 1) // 2 if code % 2 else -(code // 2)
