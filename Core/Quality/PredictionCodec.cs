using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using Platform.Core.Serving;

namespace Platform.Core.Quality;

/// <summary>
/// A <see cref="PredictedAnswer"/> as text for a header: base64 of format, kind, items, masses and id. A class takes a
/// varint (its lowest bit says "not finite") and two bytes of confidence, a value eight bytes.
/// </summary>
public static class PredictionCodec
{
    private const byte Format = 1;
    private const ushort Unknown = ushort.MaxValue;
    private const double ConfidenceSteps = ushort.MaxValue - 1;

    public static string Encode(PredictedAnswer answer)
    {
        var bytes = new ArrayBufferWriter<byte>(16 + (answer.Items.Length * (answer.IsClass ? 4 : 8)) + (answer.Mass.Length * sizeof(float)));
        WriteByte(bytes, Format);
        WriteByte(bytes, (byte)answer.Kind);
        WriteNumber(bytes, (uint)answer.Items.Length);
        foreach (var item in answer.Items) WriteItem(bytes, answer.IsClass, item);
        WriteNumber(bytes, (uint)answer.Mass.Length);
        foreach (var mass in answer.Mass)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.GetSpan(sizeof(float)), (float)mass);
            bytes.Advance(sizeof(float));
        }

        bytes.Write(Encoding.UTF8.GetBytes(answer.Id ?? ""));
        return Convert.ToBase64String(bytes.WrittenSpan);
    }

    /// <summary>Null for text that <see cref="Encode"/> did not write.</summary>
    public static PredictedAnswer? Decode(string text)
    {
        var buffer = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, buffer, out var length)) return null;
        var rest = new ReadOnlySpan<byte>(buffer, 0, length);
        if (!TryReadByte(ref rest, out var format) || format != Format || !TryReadByte(ref rest, out var kind) || kind > (byte)FeedbackKind.Value) return null;
        if (!TryReadNumber(ref rest, out var count) || count > PredictedAnswer.MaxItems) return null;
        var items = ImmutableArray.CreateBuilder<PredictedItem>((int)count);
        for (var i = 0; i < count; i++)
        {
            if (!TryReadItem(ref rest, (FeedbackKind)kind is not FeedbackKind.Value, out var item)) return null;
            items.Add(item);
        }

        if (!TryReadNumber(ref rest, out var masses) || masses > PredictedAnswer.MaxMasses || rest.Length < masses * sizeof(float)) return null;
        var mass = ImmutableArray.CreateBuilder<double>((int)masses);
        for (var i = 0; i < masses; i++) mass.Add(BinaryPrimitives.ReadSingleLittleEndian(rest[(i * sizeof(float))..]));
        var id = Encoding.UTF8.GetString(rest[((int)masses * sizeof(float))..]);
        return new PredictedAnswer((FeedbackKind)kind, items.MoveToImmutable(), mass.MoveToImmutable(), id.Length == 0 ? null : id);
    }

    private static void WriteItem(ArrayBufferWriter<byte> bytes, bool isClass, in PredictedItem item)
    {
        if (!isClass)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.GetSpan(sizeof(double)), item.Value);
            bytes.Advance(sizeof(double));
            return;
        }

        // -1, "none", becomes 0.
        WriteNumber(bytes, ((uint)(item.Value + 1) << 1) | (item.IsFinite ? 0u : 1u));
        var confidence = item.Confidence is { } share ? (ushort)Math.Round(Math.Clamp(share, 0, 1) * ConfidenceSteps) : Unknown;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.GetSpan(sizeof(ushort)), confidence);
        bytes.Advance(sizeof(ushort));
    }

    private static bool TryReadItem(ref ReadOnlySpan<byte> rest, bool isClass, out PredictedItem item)
    {
        item = default;
        if (!isClass)
        {
            if (rest.Length < sizeof(double)) return false;
            var value = BinaryPrimitives.ReadDoubleLittleEndian(rest);
            rest = rest[sizeof(double)..];
            item = new PredictedItem(value, null, double.IsFinite(value));
            return true;
        }

        if (!TryReadNumber(ref rest, out var number) || rest.Length < sizeof(ushort)) return false;
        var confidence = BinaryPrimitives.ReadUInt16LittleEndian(rest);
        rest = rest[sizeof(ushort)..];
        item = new PredictedItem((int)(number >> 1) - 1, confidence == Unknown ? null : confidence / ConfidenceSteps, (number & 1) == 0);
        return true;
    }

    private static void WriteByte(ArrayBufferWriter<byte> bytes, byte value)
    {
        bytes.GetSpan(1)[0] = value;
        bytes.Advance(1);
    }

    private static void WriteNumber(ArrayBufferWriter<byte> bytes, uint value)
    {
        for (; value >= 0x80; value >>= 7) WriteByte(bytes, (byte)(value | 0x80));
        WriteByte(bytes, (byte)value);
    }

    private static bool TryReadByte(ref ReadOnlySpan<byte> rest, out byte value)
    {
        value = rest.IsEmpty ? (byte)0 : rest[0];
        if (rest.IsEmpty) return false;
        rest = rest[1..];
        return true;
    }

    private static bool TryReadNumber(ref ReadOnlySpan<byte> rest, out uint value)
    {
        value = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            if (!TryReadByte(ref rest, out var next)) return false;
            value |= (uint)(next & 0x7f) << shift;
            if (next < 0x80) return true;
        }

        return false;
    }
}
