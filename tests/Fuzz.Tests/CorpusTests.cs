using Platform.Worker.Onnx;

namespace Platform.Fuzz.Tests;

/// <summary>What was found once.</summary>
public sealed class CorpusTests
{
    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Corpus")).Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Model_ThatOnceBrokeTheReader_IsReadOrRefused(string file)
    {
        var model = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Corpus", file));
        var thrown = Record.Exception(() => OnnxInspector.Read(model, CancellationToken.None));
        Assert.True(thrown is null or UnusableModelException, $"{file}: {thrown}");
    }
}
