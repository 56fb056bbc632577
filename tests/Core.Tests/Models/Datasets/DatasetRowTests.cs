using System.Text;
using Platform.Core.Models.Datasets;

namespace Platform.Core.Tests.Models.Datasets;

public sealed class DatasetRowTests
{
    [Fact]
    public void Parse_NestedData_IsFlattenedRowByRow()
    {
        var row = Parse("""{"id":"7","inputs":[{"name":"x","datatype":"FP32","shape":[2,2],"data":[[1,2],[3,4]]}],"labels":[0,1]}""");

        Assert.Equal([1, 2, 3, 4], row.Inputs[0].Data.Select(element => element.GetInt32()));
        Assert.Equal([0, 1], row.Labels);
    }

    [Fact]
    public void Parse_PlainNumbers_BelongToTheOnlyInput() =>
        Assert.Null(Assert.Single(Parse("""{"inputs":[[1,2]],"labels":[0.5]}""").Inputs).Name);

    [Theory]
    [InlineData("[]", "it is no JSON object")]
    [InlineData("{", "it is no JSON")]
    [InlineData("""{"inputs":[1]}""", "no list 'labels'")]
    [InlineData("""{"labels":[1]}""", "no list 'inputs'")]
    [InlineData("""{"inputs":[],"labels":[1]}""", "'inputs' is empty")]
    [InlineData("""{"inputs":[1],"labels":[]}""", "'labels' must be")]
    [InlineData("""{"inputs":[1],"labels":["seven"]}""", "'labels' must be")]
    [InlineData("""{"inputs":[1,2,3],"labels":[1,2]}""", "no whole multiple")]
    [InlineData("""{"inputs":[null],"labels":[1]}""", "object or null")]
    [InlineData("""{"inputs":[{"datatype":"FP32","shape":[1],"data":[1]}],"labels":[1]}""", "no 'name'")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[-1],"data":[1]}],"labels":[1]}""", "shape of input 'x'")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[2],"data":[1]}],"labels":[1]}""", "has 1 elements")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[3],"data":[1,2,3]}],"labels":[1,2]}""", "2 labels, but input 'x' is a batch of 3")]
    public void Parse_WhatIsNoRow_SaysWhy(string line, string expected) =>
        Assert.Contains(expected, Assert.Throws<DatasetException>(() => Parse(line)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0, 0, 5 }, 1, 5)]
    [InlineData(new byte[] { 0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 28, 0, 0, 0, 28 }, 3, 2)]
    public void Header_OfAnIdxFile_GivesItsRows(byte[] head, int rank, int rows) => Assert.Equal(rows, IdxHeader.Parse(head, rank).Rows);

    [Theory]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0, 0, 5 }, 3)]
    [InlineData(new byte[] { 0, 0, 13, 1, 0, 0, 0, 5 }, 1)]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0, 0, 0 }, 1)]
    [InlineData(new byte[] { 0, 0, 8, 1, 255, 255, 255, 255 }, 1)]
    [InlineData(new byte[] { 0, 0, 8 }, 1)]
    public void Header_OfAnythingElse_IsRefused(byte[] head, int rank) =>
        Assert.Throws<DatasetException>(() => IdxHeader.Parse(head, rank));

    private static DatasetRow Parse(string line) => DatasetRow.Parse(Encoding.UTF8.GetBytes(line));
}
