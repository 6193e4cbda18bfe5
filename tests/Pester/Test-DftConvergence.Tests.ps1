#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Test-DftConvergence' {
    $calls = @{
        Cmdlet         = 'Test-DftConvergence'
        Prepare        = {
            $null = New-Item 'a[1]' -ItemType Directory
            Copy-Item al-strain/strain_+0.0000/OUTCAR -Destination 'a[1]'
        }
        Run            = { param($With) 'al-strain' | Test-DftConvergence @With }
        ByParameter    = { param($With) Test-DftConvergence al-strain @With }
        ByPropertyName = { param($With) [pscustomobject]@{ FolderPath = 'al-strain' } | Test-DftConvergence @With }
        Wildcard       = { param($With) Test-DftConvergence al-strain/strain_+0.0[12]00 @With }
        Literal        = { param($With) Test-DftConvergence -LiteralPath 'a[1]' @With }
        Fail           = { param($With) 'none', 'al-strain' | Test-DftConvergence @With }
        FailId         = 'PathNotFound'
        GivesWithWhatIf = $true
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls
}
