using System.Globalization;
using System.Text;
using Platform.Formats.Items;

namespace Platform.Formats.Csv;

/// <summary>An element of an item: of which input, and which in row-major order.</summary>
internal readonly record struct ColumnElement(int Tensor, int Index);

/// <summary>What columns are called.</summary>
internal static class ColumnNames
{
    /// <summary>What the writer calls it, of so many elements.</summary>
    public static string Of(ItemTensor tensor, int index, long elements) =>
        elements == 1 ? tensor.Name : string.Create(CultureInfo.InvariantCulture, $"{tensor.Name}[{index}]");

    /// <summary>An input's whole name is that input, even where it ends like an element of another.</summary>
    public static ColumnElement? Find(string column, ItemLayout layout)
    {
        ColumnElement? found = null;
        for (var i = 0; i < layout.Tensors.Length; i++)
        {
            if (IndexIn(column, layout.Tensors[i]) is not { } index || layout.Tensors[i].Elements <= index) continue;
            if (column.Length == layout.Tensors[i].Name.Length) return new(i, index);
            found = new(i, index);
        }

        return found;
    }

    /// <summary>The header that the model asks for, shortened.</summary>
    public static string Example(ItemLayout layout) =>
        string.Join(",", layout.Tensors.Take(2).Select(tensor => tensor.Elements switch
        {
            1 => tensor.Name,
            2 => $"{tensor.Name}[0],{tensor.Name}[1]",
            { } elements => $"{tensor.Name}[0],…,{tensor.Name}[{elements - 1}]",
            null => $"{tensor.Name}[0],{tensor.Name}[1],…",
        })) + (layout.Tensors.Length > 2 ? ",…" : "");

    /// <summary>Whether a first line looks like data: all of it numbers, and not the numbers of the columns.</summary>
    public static bool AreValues(IReadOnlyList<string> header) =>
        header.All(cell => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
        && header.Where((cell, column) => !int.TryParse(cell, out var number) || number != column).Any();

    public static string Shortened(string column) => ElementText.Shown(Encoding.UTF8.GetBytes(column)).Trim('\'');

    private static int? IndexIn(string column, ItemTensor tensor)
    {
        if (!column.StartsWith(tensor.Name, StringComparison.Ordinal)) return null;
        var rest = column.AsSpan(tensor.Name.Length);
        if (rest.IsEmpty) return tensor.Elements is 1 or null ? 0 : null;
        var digits = rest is ['[', .., ']'] ? rest[1..^1] : rest is ['_', ..] ? rest[1..] : default;
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;
    }
}
