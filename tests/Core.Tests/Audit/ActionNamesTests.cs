using Platform.Core.Audit;

namespace Platform.Core.Tests.Audit;

public sealed class ActionNamesTests
{
    [Theory]
    [InlineData("POST", "/v1/models", true, "models.create", "models")]
    [InlineData("PATCH", "/v1/models/{model}", false, "models.update", "models/digits")]
    [InlineData("DELETE", "/v1/models/{model}", false, "models.delete", "models/digits")]
    [InlineData("POST", "/v1/models/{model}/deploy", false, "models.deploy", "models/digits")]
    [InlineData("POST", "v1/models/{model}/versions", true, "models.versions.create", "models/digits/versions")]
    [InlineData("POST", "/v1/models/{model}/versions/{version}/undeploy", false, "models.versions.undeploy", "models/digits/versions/1.0.0")]
    [InlineData("PUT", "/v1/models/{model}/versions/{version}/artifact", false, "models.versions.artifact.set", "models/digits/versions/1.0.0/artifact")]
    [InlineData("POST", "/v1/keys/{id:guid}/rotate", false, "keys.rotate", "keys/k-1")]
    [InlineData("POST", "/v1/privacy/erase", false, "privacy.erase", "privacy")]
    [InlineData("POST", "/v1/feedback", false, "feedback", "feedback")]
    [InlineData("POST", "/v2/repository/models/{model}/load", false, "repository.models.load", "repository/models/digits")]
    [InlineData("BREW", "/v1/models", true, "unknown", "models")]
    public void Route_HasAnActionAndAResource(string method, string pattern, bool isCollection, string action, string resource)
    {
        Assert.Equal(action, ActionNames.Of(method, pattern, isCollection));
        Assert.Equal(resource, ActionNames.ResourceOf(
            method, pattern, isCollection, name => name switch { "model" => "digits", "version" => "1.0.0", "id" => "k-1", _ => null }));
    }
}
