using System.Text;

namespace Platform.Fuzz.Tests;

/// <summary>Changes that a careless client, a broken one or a hostile one makes to bytes.</summary>
internal static class Mutation
{
    private static readonly byte[][] Tokens = [.. new[]
    {
        "NaN", "-Infinity", "1e999", "-0", "0.1e-400", "9223372036854775808", "-9223372036854775809", "18446744073709551615", "1E+", "0x1", "null",
        "true", "\"\"", "[]", "{}", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "}}}}", "\"\\ud800\"", "\"\\u0000\"", "\\", "\0", "\u2028", "{\"a\":", "\"inputs\":",
        "\"outputs\":[{\"name\":\"y\"}]", "\"shape\":[-1]", "\"shape\":[4294967296,4294967296]", "\"shape\":[]", "\"datatype\":\"BYTES\"",
        "\"datatype\":\"BF16\"", "\"parameters\":{\"binary_data_size\":-1}", "\"parameters\":{\"binary_data_size\":2147483648}",
        "\"parameters\":{\"timeout\":1}", "\"parameters\":{\"priority\":18446744073709551615}", "\"classification\":2147483647",
        "\"binary_data\":true", "\"binary_data_output\":true", "\"id\":\"x\"", "//", "/* */", ",", ":", "\"", "\xEF\xBB\xBF",
    }.Select(Encoding.Latin1.GetBytes), Encoding.UTF8.GetBytes("\U0001F600"), [0xFF, 0xFE], [0xC0, 0x80], new byte[64], [0xFF, 0xFF, 0xFF, 0xFF, 0x7F]];

    public static byte[] Of(byte[] seed, Random random, byte[][] others)
    {
        var bytes = seed.ToList();
        // Most often a single change, so that enough gets past the parser.
        for (var times = random.Next(3) > 0 ? 1 : random.Next(2, 5); times > 0; times--) Change(bytes, random, others);
        return [.. bytes];
    }

    private static void Change(List<byte> bytes, Random random, byte[][] others)
    {
        var at = random.Next(bytes.Count + 1);
        var length = Math.Min(random.Next(1, 24), bytes.Count - at);
        switch (random.Next(14))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 4:
                bytes.InsertRange(at, Tokens[random.Next(Tokens.Length)]);
                break;
            case 5:
                bytes.RemoveRange(at, length);
                bytes.InsertRange(at, Tokens[random.Next(Tokens.Length)]);
                break;
            case 6:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 7:
                var other = others[random.Next(others.Length)];
                var from = random.Next(other.Length);
                bytes.InsertRange(at, other[from..Math.Min(other.Length, from + random.Next(64))]);
                break;
            default:
                ReplaceNumber(bytes, at, random);
                break;
        }
    }

    /// <summary>The next run of digits becomes another number.</summary>
    private static void ReplaceNumber(List<byte> bytes, int from, Random random)
    {
        var start = bytes.FindIndex(from, one => one is >= (byte)'0' and <= (byte)'9');
        if (start < 0) return;
        var end = bytes.FindIndex(start, one => one is < (byte)'0' or > (byte)'9');
        bytes.RemoveRange(start, (end < 0 ? bytes.Count : end) - start);
        string[] numbers = ["0", "-1", "1", "2147483647", "2147483648", "4294967295", "4294967296", "1099511627776", "9223372036854775807", "1e5", "0.5"];
        bytes.InsertRange(start, Encoding.ASCII.GetBytes(numbers[random.Next(numbers.Length)]));
    }
}
