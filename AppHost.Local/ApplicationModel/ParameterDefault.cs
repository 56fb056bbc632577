using Aspire.Hosting.Publishing;

namespace Aspire.Hosting.ApplicationModel;

public abstract class ParameterDefault
{
    public abstract void WriteToManifest(ManifestPublishingContext context);

    public abstract string GetDefaultValue();
}

internal sealed class ConstantParameterDefault(string value) : ParameterDefault
{
    public override string GetDefaultValue() => value;

    public override void WriteToManifest(ManifestPublishingContext context) => context.Writer.WriteString("value", value);
}
