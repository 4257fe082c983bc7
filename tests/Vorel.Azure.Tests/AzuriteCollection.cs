using Vorel.Testing;

namespace Vorel.Azure.Tests;

/// <summary>One Azurite for the component tests: each test uses tables and queues of its own.</summary>
[CollectionDefinition(Name)]
public sealed class AzuriteCollection : ICollectionFixture<AzuriteFixture>
{
    public const string Name = "Azurite";
}
