using System.Globalization;
using System.Text;
using CsCheck;
using Platform.Core.Tensors;
using Platform.Formats.Tests.Support;

namespace Platform.Formats.Tests.Jsonl;

public sealed class JsonlReaderTests
{
    [Theory]
    [InlineData("""{"x":[1,2,3,4,5,6]}""")]
    [InlineData("""{"x":[[1,2,3],[4,5,6]]}""")]
    [InlineData("""{"x":[[[1,2,3],[4,5,6]]]}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2,3],"data":[1,2,3,4,5,6]}]}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[2,3],"data":[[1,2,3],[4,5,6]]}]}""")]
    [InlineData("""{"id":"7","inputs":[{"data":[1,2,3,4,5,6],"parameters":{"a":[1]},"shape":[1,2,3],"name":"x"}],"outputs":[]}""")]
    public async Task Row_InEitherForm_IsTheItem(string line)
    {
        var tensor = Assert.Single(await Reading.JsonlAsync(line, Signatures.Of(("x", "FP32", [2, 3])))).Only();
        Assert.Equal([2, 3], tensor.Shape);
        Assert.Equal([1, 2, 3, 4, 5, 6], tensor.As<float>());
        Assert.Equal(Datatype.Fp32, tensor.Datatype);
    }

    [Theory]
    [InlineData("01"), InlineData("-01"), InlineData(".5"), InlineData("5."), InlineData("-.5"), InlineData("-"), InlineData("+1"), InlineData("1..2"), InlineData("--1"), InlineData("0x1")]
    [InlineData("1,"), InlineData(",1"), InlineData("1,,2"), InlineData("1 2"), InlineData("1]"), InlineData("[1")]
    public async Task Number_ThatJsonDoesNotHave_IsNoRow(string number)
    {
        foreach (var datatype in (string[])["FP32", "FP64", "INT32"])
            Assert.NotNull(Assert.Single(await Reading.JsonlAsync($"{{\"x\":[{number}]}}", Signatures.Of(("x", datatype, [-1])))).Fault);
    }

    [Theory]
    [InlineData("FP32"), InlineData("FP64")]
    public async Task Values_InEitherForm_AreTheSame(string datatype)
    {
        var number = Gen.OneOf(
            Gen.Select(Gen.Int[-99_999, 99_999], Gen.Int[0, 9], (whole, places) => (whole / Math.Pow(10, places)).ToString("F" + places, CultureInfo.InvariantCulture)),
            Gen.Float.Where(float.IsFinite).Select(value => value.ToString("R", CultureInfo.InvariantCulture)),
            Gen.Const("-0"), Gen.Const("-0.0"), Gen.Const("0.1000000238418579"), Gen.Const("16777217"), Gen.Const("1E-45"));
        var space = Gen.OneOf(Gen.Const(""), Gen.Const(" "), Gen.Const("\t "));
        await Gen.Select(number.Array[1, 5].Array[1, 4], space).SampleAsync(async (lists, gap) =>
        {
            var data = $"[{string.Join($"{gap},", lists.Select(list => $"[{string.Join($",{gap}", list)}{gap}]"))}]";
            var signature = Signatures.Of(("x", datatype, [-1, -1]));
            var plain = await Reading.JsonlAsync($"{{{gap}\"x\"{gap}:{data}{gap}}}{gap}", signature);
            var request = await Reading.JsonlAsync($"{{\"inputs\":[{{\"name\":\"x\",\"data\":{data}}}]}}", signature);
            Assert.Equal(request[0].Fault is null, plain[0].Fault is null);
            if (plain[0].Fault is not null) return;
            Assert.Equal(request[0].Only().Shape, plain[0].Only().Shape);
            Assert.Equal(request[0].Only().Data.Span, plain[0].Only().Data.Span);
        }, iter: 2_000);
    }

    [Theory]
    [InlineData("""{"x":7}""", new long[0], 0)]
    [InlineData("""{"x":[7]}""", new long[0], 0)]
    [InlineData("""{"x":[[1,2],[3,4]]}""", new long[] { -1, 2 }, 2)]
    [InlineData("""{"x":[1,2,3,4,5,6]}""", new long[] { -1, 2 }, 3)]
    [InlineData("""{"x":[]}""", new long[] { -1 }, 0)]
    public async Task Row_OfAFreeShape_SaysItsShape(string line, long[] item, long free)
    {
        var tensor = Assert.Single(await Reading.JsonlAsync(line, Signatures.Of(("x", "INT64", item)))).Only();
        Assert.Equal(item.Select(size => size < 0 ? free : size), tensor.Shape);
    }

    [Theory]
    [InlineData("[1,2]", "no JSON object", null)]
    [InlineData("{\"x\":[1,2]", "goes wrong at byte", null)]
    [InlineData("{\"x\":[1,2]} {}", "goes wrong at byte", null)]
    [InlineData("{\"x\":[1,NaN]}", "goes wrong at byte", null)]
    [InlineData("{\"x\":[1,2,3]}", "3 elements, but the model takes 2", "x")]
    [InlineData("{\"x\":[[1],[2]]}", "shape is [2,1]", "x")]
    [InlineData("{\"x\":[[1,2],[3,4]]}", "batch of 2", "x")]
    [InlineData("{\"x\":[1,[2]]}", "unequal lengths", "x")]
    [InlineData("{\"x\":[1,null]}", "null", "x[1]")]
    [InlineData("{\"x\":[true,2]}", "boolean", "x[0]")]
    [InlineData("{\"x\":[1,\"2\"]}", "string", "x[1]")]
    [InlineData("{\"x\":[1,1e999]}", "beyond what FP32 holds", "x[1]")]
    [InlineData("{\"z\":[1,2]}", "no input 'z'", "z")]
    [InlineData("{\"x\":[1,2],\"z\":1}", "no input 'z'", "z")]
    [InlineData("{\"x\":[1,2],\"x\":[1,2]}", "twice", "x")]
    [InlineData("{}", "missing", "x")]
    [InlineData("{\"inputs\":[]}", "missing", "x")]
    [InlineData("{\"inputs\":[1,2]}", "must list objects", "inputs")]
    [InlineData("{\"inputs\":[{\"name\":\"z\",\"data\":[1,2]}]}", "no input of this name", "z")]
    [InlineData("{\"inputs\":[{\"data\":[1,2]}]}", "no 'name'", "inputs[0]")]
    [InlineData("{\"inputs\":[{\"name\":\"x\"}]}", "no 'data'", "x")]
    [InlineData("{\"inputs\":[{\"name\":\"x\",\"data\":[1,2],\"datatype\":\"FP64\"}]}", "takes FP32", "x")]
    [InlineData("{\"inputs\":[{\"name\":\"x\",\"data\":[1,2],\"shape\":[2,2]}]}", "batch of 2", "x")]
    [InlineData("{\"inputs\":[{\"name\":\"x\",\"data\":[1,2],\"shape\":[3]}]}", "shape is [3]", "x")]
    [InlineData("{\"inputs\":[{\"name\":\"x\",\"data\":[1],\"shape\":[2]}]}", "1 elements, but its shape", "x")]
    [InlineData("{\"inputs\":[{\"name\":\"x\",\"data\":[1,2],\"shape\":[-2]}]}", "'shape' must be", "x")]
    public async Task Row_Faulty_SaysWhyAndWhere_AndTheNextIsRead(string line, string reason, string? column)
    {
        var rows = await Reading.JsonlAsync($"{line}\n{{\"x\":[1,2]}}", Signatures.Of(("x", "FP32", [2])));
        Assert.Equal(2, rows.Count);
        Assert.Contains(reason, rows[0].Faulty().Reason, StringComparison.Ordinal);
        Assert.Equal(column, rows[0].Faulty().Column);
        Assert.Equal([1f, 2f], rows[1].Only().As<float>());
        Assert.Equal([0L, 1L], rows.Select(row => row.Number));
    }

    [Fact]
    public async Task Input_NamedInputs_IsReadInBothForms()
    {
        var rows = await Reading.JsonlAsync(
            "{\"inputs\":[1,2]}\n{\"inputs\":[{\"name\":\"inputs\",\"data\":[3,4]}]}", Signatures.Of(("inputs", "FP32", [2])));
        Assert.Equal([1f, 2f, 3f, 4f], rows.SelectMany(row => row.Only().As<float>()));
    }

    [Fact]
    public async Task Inputs_OfSeveral_ComeInTheModelsOrder()
    {
        var row = Assert.Single(await Reading.JsonlAsync("{\"b\":[\"ä\"],\"a\":[1]}", Signatures.Of(("a", "INT8", [1]), ("b", "BYTES", [1]))));
        Assert.Equal(["a", "b"], row.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([2, 0, 0, 0, .. Encoding.UTF8.GetBytes("ä")], row.Tensors[1].Data.ToArray());
    }

    [Fact]
    public async Task Lines_EmptyOnes_HaveNoNumber()
    {
        var rows = await Reading.JsonlAsync("\uFEFF\n{\"x\":1}\r\n \n{\"x\":2}\n", Signatures.Of(("x", "INT32", [])));
        Assert.Equal([(0, 1), (1, 2)], rows.Select(row => (row.Number, row.Only().As<int>()[0])));
    }

    [Fact]
    public async Task Line_LongerThanTheLimit_RefusesTheFile()
    {
        var limits = new FormatLimits { MaxRowBytes = 20 };
        var signature = Signatures.Of(("x", "FP32", [-1]));
        var refused = await Assert.ThrowsAsync<InputFormatException>(
            () => Reading.JsonlAsync("{\"x\":[1]}\n{\"x\":[1,2,3,4,5,6,7]}", signature, limits));
        Assert.Equal(1, refused.Row);
        Assert.Contains("longer than 20 bytes", refused.Message, StringComparison.Ordinal);
        Assert.Single(await Reading.JsonlAsync("{\"x\":[1,2,3,4,5,6]}\n", signature, limits));
    }

    [Fact]
    public async Task File_NotInUtf8_IsRefused()
    {
        var refused = await Assert.ThrowsAsync<InputFormatException>(() => Reading.AllAsync(
            RowFormats.Jsonl, [.. "{\"x\":1}\n"u8, .. "{\"x\":\""u8, 0xFF, .. "\"}"u8], Signatures.Of(("x", "INT32", []))));
        Assert.Equal(1, refused.Row);
        Assert.Contains("UTF-8", refused.Message, StringComparison.Ordinal);
    }
}
