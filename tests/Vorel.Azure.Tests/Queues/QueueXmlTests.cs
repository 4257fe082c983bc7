using Vorel.Azure.Queues;

namespace Vorel.Azure.Tests.Queues;

public sealed class QueueXmlTests
{
    [Theory]
    [InlineData(" ")]
    [InlineData("")]
    [InlineData(" \t a \n ")]
    [InlineData("<a>&amp;</a>]]>")]
    public void A_text_is_read_as_it_stands(string text)
    {
        var xml = $"""
            <?xml version="1.0" encoding="utf-8"?>
            <QueueMessagesList>
              <QueueMessage>
                <MessageId>1</MessageId>
                <MessageText>{System.Security.SecurityElement.Escape(text)}</MessageText>
              </QueueMessage>
              <QueueMessage><MessageId>2</MessageId><MessageText/></QueueMessage>
            </QueueMessagesList>
            """;

        var messages = QueueXml.Messages(BinaryData.FromString(xml));

        Assert.Equal(["1", "2"], messages.Select(message => message["MessageId"]));
        Assert.Equal([text, ""], messages.Select(message => message["MessageText"]));
    }

    [Fact]
    public void A_carriage_return_is_written_so_that_no_reader_takes_it_for_a_line_end() =>
        Assert.Contains("<MessageText> a&#xD;\nb </MessageText>", QueueXml.Message(" a\r\nb ").ToString(), StringComparison.Ordinal);

    [Fact]
    public void The_names_of_queues_are_read_from_indented_xml()
    {
        var names = QueueXml.Names(
            BinaryData.FromString("""
                <EnumerationResults ServiceEndpoint="http://x/">
                  <Queues>
                    <Queue>
                      <Name>a</Name>
                      <Metadata><k>v</k></Metadata>
                    </Queue>
                    <Queue> <Name>b</Name> </Queue>
                  </Queues>
                  <NextMarker>m</NextMarker>
                </EnumerationResults>
                """),
            out var next);

        Assert.Equal(["a", "b"], names);
        Assert.Equal("m", next);
    }
}
