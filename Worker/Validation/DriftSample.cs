using Platform.Core.Drift;
using Platform.Core.Serving;
using Platform.Worker.Onnx;
using Platform.Worker.Serving;
using Platform.Worker.Serving.Drift;
using Platform.Worker.Tensors;

namespace Platform.Worker.Validation;

/// <summary>What a dataset's items and the answers to them look like: the reference that live traffic is held against.</summary>
internal sealed class DriftSample(OnnxModel model)
{
    /// <summary>Items that are looked at; more would not make the reference much better.</summary>
    private const int MaxItems = 10_000;

    private readonly PredictionReader? predictions = PredictionReader.For(null, model);
    private readonly VersionFeatures features = VersionFeatures.Of(model.Interface, FeedbackRules.Read(null, model.Signature));
    private readonly List<float[]> rows = [];

    public void Add(Tensor[] inputs, OutputTensor[] outputs, int items)
    {
        var predicted = predictions?.Read(outputs, items, id: null);
        for (var i = 0; i < items && rows.Count < MaxItems; i++)
        {
            var row = new float[features.Layout.Width];
            features.Read(inputs, items, i, predicted, row);
            rows.Add(row);
        }
    }

    /// <summary>Null where there is nothing to look at.</summary>
    public DriftBaseline? ToBaseline(DateTimeOffset now) => rows.Count == 0 || features.Features.IsEmpty
        ? null
        : DriftBaseline.Of(Guid.NewGuid().ToString("n"), DriftReference.FromDataset, now, features.Features, rows);
}
